/* What floats: menus, panels and dialogs. Escape and a click beside them close them; the focus goes back. */
import { $, button, h, icon } from './dom.js'

let shown = null
/** Shows an element below or above what opened it, inside the window. */
export function pop(element, anchor) {
  close()
  const from = anchor.getBoundingClientRect()
  element.classList.add('pop')
  $('.app').append(element)
  const own = element.getBoundingClientRect()
  element.style.left = Math.max(8, Math.min(from.right - (anchor.id === 'person' ? from.width : own.width), innerWidth - own.width - 8)) + 'px'
  element.style.top = (from.bottom + 4 + own.height > innerHeight - 8 ? Math.max(8, from.top - 4 - own.height) : from.bottom + 4) + 'px'
  anchor.setAttribute('aria-expanded', 'true')
  shown = { element, anchor }
  ;(element.querySelector('[aria-pressed="true"]') ?? element.querySelector('button, input'))?.focus()
}

export function close(back = true) {
  if (!shown) return
  const { element, anchor } = shown
  const had = element.contains(document.activeElement)
  shown = null
  element.remove()
  anchor.setAttribute('aria-expanded', 'false')
  if (back && had) anchor.focus()
}

document.addEventListener('pointerdown', event => {
  if (shown && !shown.element.contains(event.target) && !shown.anchor.contains(event.target)) close(false)
})
document.addEventListener('keydown', event => {
  if (!shown) return
  const items = [...shown.element.querySelectorAll('button:not([disabled])')]
  const at = items.indexOf(document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (event.key === 'Escape' || (event.key === 'Tab' && shown.element.role === 'menu')) close()
  else if (to !== undefined && !event.target.matches('input')) items.at(to % items.length)?.focus()
  else return
  event.preventDefault()
  event.stopPropagation()
}, true)
/** @param items [symbol, name, key, act, bad?] */
export function menu(name, anchor, items) {
  if (isOpen(anchor)) return close()
  pop(h('div.menu', { role: 'menu', 'aria-label': name }, ...items.flatMap(([symbol, text, key, act, bad]) => [
    bad && h('hr', { role: 'separator' }),
    h('button.item' + (bad ? '.bad' : ''), { type: 'button', role: 'menuitem', onclick: () => { close(); act() } }, icon(symbol), text, key && h('kbd', { 'aria-hidden': 'true' }, key))
  ])), anchor)
}
/**
 * A question with one field, or none.
 * @param ready says whether the text may be taken; take does it, or says why not: then the question stays
 */
export function ask({ title, lines = [], field, value = '', ok, danger, ready = () => true, take, body = [] }) {
  const back = document.activeElement
  const input = field && h('input', { id: 'answer', autocomplete: 'off', spellcheck: 'false', value, oninput: () => look() })
  const wrong = h('p.bad', { role: 'alert' })
  const done = h('button.b' + (danger ? '.danger' : '.first'), { type: 'submit' }, ok)
  const look = () => (ready(input?.value ?? '') ? done.removeAttribute('aria-disabled') : done.setAttribute('aria-disabled', 'true'))
  const dialog = h('dialog', { 'aria-labelledby': 'dialog', onclose: () => { dialog.remove(); back?.focus?.() } },
    h('form', { method: 'dialog', onsubmit: async event => {
      event.preventDefault()
      if (!ready(input?.value ?? '')) return
      wrong.textContent = (await take?.(input?.value ?? '')) ?? ''
      if (!wrong.textContent) dialog.close()
    } }, h('h2', { id: 'dialog' }, title), ...lines.map(line => h('p', {}, ...[line].flat())), ...body,
    field && h('label.field', {}, ...[field].flat(), input), wrong,
    h('div.do', {}, take && button('Cancel', () => dialog.close()), done)))
  document.body.append(dialog)
  dialog.showModal()
  look(), (input ?? done).focus(), input?.select()
}
export const isOpen = anchor => shown?.anchor === anchor
export const isFloating = () => Boolean(shown || $('dialog[open]'))
