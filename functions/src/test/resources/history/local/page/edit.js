/* A question in a box of its own, to be written anew. */
import { $, button, h } from './dom.js'
import { textOf } from './message.js'
/** @param on {save(text), end()}; answers the article that stands in the question's place, its box and its end */
export function editor(message, next, seq, on) {
  const area = h('textarea', { id: 'edit-' + message.id, rows: 1 })
  area.value = textOf(message)
  const save = () => {
    const text = area.value
    if (!text.trim()) return
    on.end()
    if (text !== textOf(message)) on.save(text)
  }
  const pressed = event => {
    if (event.key === 'Escape') on.end()
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === area) save()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const form = h('form.edit', { onkeydown: pressed, onsubmit: event => { event.preventDefault(); save() } }, h('label.vh', { for: area.id }, 'Edit message ' + message.seq), area,
    h('div.bar', {}, h('span.hint', {}, next ? `Message ${next.seq} will be replaced. It is kept as a version.` : 'The earlier text is kept as a version.'),
      button('Cancel', on.end, 'bare'), h('button.b.first', { type: 'submit' }, 'Save and send')))
  return { id: message.id, area, article: h('article.msg.user', { 'aria-label': 'Edit message ' + message.seq, 'data-id': message.id }, seq, form) }
}
/** The button "Edit" of a message. */
export const editButton = article => [...(article?.querySelectorAll('.acts button') ?? [])].find(each => each.textContent === 'Edit') ?? $('#message')
