/* What can be done with a conversation of the list: rename, label, archive, delete, and undo. */
import { call } from './api.js'
import { $, h, say } from './dom.js'
import { ask, menu } from './floats.js'
import { pathOf } from './thread.js'

const UNDO = 8000

export class Acts {
  constructor(app, list) {
    this.app = app
    this.list = list
    // There is no undelete: what is to be deleted is deleted late, and at the latest when the page goes.
    addEventListener('pagehide', () => { for (const busy of list.busy.values()) busy.now?.(true) })
  }

  options(conversation, anchor) {
    const act = name => () => this[name](conversation)
    menu('Options for ' + conversation.title, anchor, [
      ['pen', 'Rename', 'F2', act('rename')], ['tag', 'Labels…', 'L', act('labels')],
      ['box', conversation.archived ? 'Take out of the archive' : 'Archive', 'E', act('archive')], ['trash', 'Delete', 'Del', act('remove'), true]
    ])
  }

  /** A PATCH, and what it made into the list. Says whether it was done. */
  async patch(conversation, body, headers = {}) {
    const answer = await call('PATCH', pathOf(conversation.id), { body, headers })
    if (answer.status === 200) this.list.put(answer.json)
    else if (answer.status !== 412) this.app.answered(answer)
    this.app.poll()
    return answer
  }

  async rename(conversation) {
    const line = this.list.lines.get(conversation.id)
    if (!line?.li.isConnected || line.field) return
    const tag = call('GET', pathOf(conversation.id) + '?limit=1').then(answer => answer.etag)
    const field = h('input', { 'aria-label': 'Title', value: conversation.title, maxlength: 255 })
    const note = h('span.vh', { role: 'status' })
    line.field = field
    line.a.replaceWith(field)
    line.div.append(note)
    field.focus()
    field.select()
    const end = () => {
      line.field = null
      line.signature = ''
      field.replaceWith(line.a)
      note.remove()
      this.list.render()
      $('a', line.li)?.focus()
    }
    const save = async () => {
      const title = field.value.trim()
      if (line.field !== field || line.saving) return
      if (!title || title === conversation.title) return end()
      line.saving = true
      const renamed = await this.to(conversation, title, await tag)
      line.saving = false
      if (!renamed) return end()
      conversation = renamed
      field.value = renamed.title
      note.className = 'note'
      note.textContent = 'Renamed in another tab. Rename again?'
      field.focus()
    }
    field.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) save()
      else if (event.key === 'Escape') end()
      else return
      event.preventDefault()
      event.stopPropagation()
    })
    field.addEventListener('blur', save)
  }

  /** Nothing once it is renamed; the conversation where somebody else has renamed it meanwhile. */
  async to(conversation, title, etag) {
    const answer = await this.patch(conversation, { title }, etag ? { 'If-Match': etag } : {})
    if (answer.status !== 412) return undefined
    const now = await call('GET', pathOf(conversation.id) + '?limit=1')
    if (now.status !== 200) return undefined
    this.list.put(now.json)
    // A message alone also makes a new version.
    return now.json.title === conversation.title ? this.to(conversation, title, now.etag) : now.json
  }

  labels(conversation) {
    ask({ title: 'Labels', lines: [conversation.title], field: 'Labels, separated by commas', value: conversation.labels.join(', '), ok: 'Save',
      take: text => this.patch(conversation, { labels: [...new Set(text.split(',').map(label => label.trim()).filter(Boolean))] }) })
  }

  async archive(conversation) {
    const archived = !conversation.archived
    this.late(conversation, archived ? 'Archived. Undo with Tab.' : 'Taken out of the archive. Undo with Tab.', () => this.list.drop(conversation.id), () => this.patch(conversation, { archived: !archived }))
    await this.patch(conversation, { archived })
  }

  remove(conversation) {
    const path = pathOf(conversation.id)
    const now = async leaving => {
      if (leaving) return void call('DELETE', path, { keepalive: true })
      const answer = await call('DELETE', path)
      if (answer.status !== 204 && answer.status !== 404) {
        this.list.busy.delete(conversation.id)
        this.list.render()
        return this.app.answered(answer)
      }
      this.list.drop(conversation.id)
      if (this.app.isOpen(conversation.id)) this.app.go('new')
    }
    this.late(conversation, 'Deleted. Undo with Tab.', () => now(), null, now)
  }

  /** Strikes the row through for eight seconds, in which it can be undone. */
  late(conversation, words, then, undo, leaving) {
    const { id } = conversation
    const done = () => {
      const had = this.list.lines.get(id)?.li.contains(document.activeElement)
      const next = this.list.lines.get(id)?.li.nextElementSibling
      this.list.busy.delete(id)
      then()
      if (had) $('a', next ?? this.list.rows)?.focus()
    }
    const timer = setTimeout(done, UNDO)
    this.list.busy.set(id, { name: words, now: leaving, undo: async () => {
      clearTimeout(timer)
      await undo?.()
      this.list.busy.delete(id)
      this.list.render()
      $('a', this.list.lines.get(id)?.li ?? this.list.rows)?.focus()
    } })
    this.list.render()
    $('.word', this.list.lines.get(id)?.li ?? this.list.rows)?.focus()
    say(words)
  }
}
