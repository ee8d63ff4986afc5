/* What can be done with a conversation of the list: rename, label, archive, delete, and undo. */
import { call } from './api.js'
import { $, h, say } from './dom.js'
import { ask, menu } from './floats.js'
import { pathOf } from './thread.js'

const UNDO = 8000

export class Acts {
  constructor(app, list) {
    Object.assign(this, { app, list })
    // There is no undelete: what is to be deleted is deleted late, and at the latest when the page goes.
    addEventListener('pagehide', () => { for (const busy of list.busy.values()) busy.leaving?.() })
  }
  options(conversation, anchor) {
    const act = name => () => this[name](conversation)
    menu('Options for ' + conversation.title, anchor, [['pen', 'Rename', 'F2', act('rename')], ['tag', 'Labels…', 'L', act('labels')],
      ['box', conversation.archived ? 'Take out of the archive' : 'Archive', 'E', act('archive')], ['trash', 'Delete', 'Del', act('remove'), true]])
  }
  /** A PATCH, and what it made into the list. */
  async patch(conversation, body, headers = {}) {
    const answer = await call('PATCH', pathOf(conversation.id), { body, headers })
    if (answer.status === 200) this.list.put(answer.json)
    else if (answer.status !== 412) this.app.answered(answer)
    this.app.poll()
    return answer
  }
  rename(conversation) {
    const line = this.list.lines.get(conversation.id)
    if (!line?.li.isConnected || line.field) return
    const version = this.now(conversation)
    const field = h('input', { 'aria-label': 'Title', value: conversation.title, maxlength: 255 })
    const note = h('span.vh', { role: 'status' })
    let { title } = conversation
    let saving = false
    const end = () => {
      Object.assign(line, { field: null, signature: '' })
      field.replaceWith(line.a)
      note.remove()
      this.list.render()
      $('a', line.li).focus()
    }
    const save = async () => {
      const wanted = field.value.trim()
      if (!line.field || saving) return
      if (!wanted || wanted === title) return end()
      saving = true
      const other = await this.to(conversation, title, wanted, (await version).etag)
      saving = false
      if (!other) return end()
      title = field.value = other.title
      note.className = 'note'
      note.textContent = 'Renamed in another tab. Rename again?'
      field.focus()
    }
    field.addEventListener('blur', save)
    field.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) save()
      else if (event.key === 'Escape') end()
      else return
      event.preventDefault()
      event.stopPropagation()
    })
    line.field = field
    line.a.replaceWith(field)
    line.div.append(note)
    field.focus()
    field.select()
  }
  now(conversation) { return call('GET', pathOf(conversation.id) + '?limit=1') }
  /** Nothing once it is renamed; the conversation where somebody else has renamed it meanwhile. A message alone also makes a new version. */
  async to(conversation, from, title, etag) {
    const answer = await this.patch(conversation, { title }, etag ? { 'If-Match': etag } : {})
    const now = answer.status === 412 && (await this.now(conversation))
    if (!now?.json) return undefined
    this.list.put(now.json)
    return now.json.title === from ? this.to(conversation, from, title, now.etag) : now.json
  }
  labels(conversation) {
    ask({ title: 'Labels', lines: [conversation.title], field: 'Labels, separated by commas', value: conversation.labels.join(', '), ok: 'Save',
      take: text => this.patch(conversation, { labels: [...new Set(text.split(',').map(label => label.trim()).filter(Boolean))] }) })
  }
  archive(conversation) {
    const archived = !conversation.archived
    this.late(conversation.id, archived ? 'Archived. Undo with Tab.' : 'Taken out of the archive. Undo with Tab.', { then: () => this.list.drop(conversation.id), undo: () => this.patch(conversation, { archived: !archived }) })
    return this.patch(conversation, { archived })
  }
  remove({ id }) {
    const then = async () => {
      const answer = await call('DELETE', pathOf(id))
      if (answer.status !== 204 && answer.status !== 404) {
        this.list.render()
        return this.app.answered(answer)
      }
      this.list.drop(id)
      if (this.app.isOpen(id)) this.app.go('new')
    }
    this.late(id, 'Deleted. Undo with Tab.', { then, leaving: () => call('DELETE', pathOf(id), { keepalive: true }) })
  }
  /** Strikes the row through for eight seconds, in which it can be undone. */
  late(id, name, { then, undo, leaving }) {
    const row = () => this.list.lines.get(id)?.li
    const timer = setTimeout(async () => {
      const had = row()?.contains(document.activeElement)
      const next = row()?.nextElementSibling
      this.list.busy.delete(id)
      await then()
      if (had) $('a', next ?? this.list.rows)?.focus()
    }, UNDO)
    this.list.busy.set(id, { name, leaving, undo: async () => {
      clearTimeout(timer)
      await undo?.()
      this.list.busy.delete(id)
      this.list.render()
      $('a', row() ?? this.list.rows)?.focus()
    } })
    this.list.render()
    $('.word', row() ?? this.list.rows)?.focus()
    say(name)
  }
}
