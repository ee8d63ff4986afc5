/* What can be done with a conversation of the list: rename, label, archive, delete, and undo. */
import { call } from './api.js'
import { $, h, say } from './dom.js'
import { ask, menu } from './floats.js'
import { me } from './people.js'
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
  /** Silence is told, and is an answer of status 0. */
  ask(method, id, options, query = '') { return call(method, pathOf(id) + query, options).catch(error => { this.app.lost(error); return { status: 0 } }) }
  /** A PATCH, and what it made into the list. */
  async patch({ id }, body, options = {}) {
    const answer = await this.ask('PATCH', id, { ...options, body })
    if (answer.status === 200) this.list.put(answer.json)
    else if (answer.status && answer.status !== 412) this.app.answered(answer)
    this.app.poll()
    return answer
  }
  rename(conversation) {
    const line = this.list.lines.get(conversation.id)
    if (!line?.li.isConnected || line.field) return
    const version = this.now(conversation)
    const field = h('input', { 'aria-label': 'Title', value: conversation.title, maxlength: 255 })
    const note = h('span.vh', { role: 'status' })
    let [title, saving] = [conversation.title, false]
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
      const etag = (await version).etag ?? (await this.now(conversation)).etag
      const { status, json } = etag ? await this.to(conversation, title, wanted, etag) : {}
      saving = false
      if (status === 200) return end()
      // What was typed stays in the field, to be saved when the API is there.
      if (status !== 412) return
      title = field.value = json.title
      note.className = 'note'
      note.textContent = 'Renamed in another tab. Rename again?'
      field.focus()
    }
    field.addEventListener('blur', save)
    field.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) save()
      else if (event.key === 'Escape') end()
      else return
      event.preventDefault(), event.stopPropagation()
    })
    line.field = field
    line.a.replaceWith(field)
    line.div.append(note)
    field.focus()
    field.select()
  }
  now({ id }) { return this.ask('GET', id, {}, '?limit=1') }
  /** What the PATCH said; 412 with the conversation where somebody else has renamed it meanwhile. A message alone also makes a new version. */
  async to(conversation, from, title, etag) {
    const answer = await this.patch(conversation, { title }, { headers: { 'If-Match': etag } })
    const now = answer.status === 412 ? await this.now(conversation) : {}
    if (now.status !== 200) return { status: now.status ?? answer.status }
    this.list.put(now.json)
    return now.json.title === from ? this.to(conversation, from, title, now.etag) : { status: 412, json: now.json }
  }
  labels(conversation) {
    ask({ title: 'Labels', lines: [conversation.title], field: 'Labels, separated by commas', value: conversation.labels.join(', '), ok: 'Save',
      take: text => this.patch(conversation, { labels: [...new Set(text.split(',').map(label => label.trim()).filter(Boolean))] })
        .then(({ status, json }) => (status === 200 ? '' : `Not saved. ${json?.detail ?? 'The API does not answer.'}`)) })
  }
  async archive(conversation) {
    const [archived, by] = [!conversation.archived, { person: me() }]
    if ((await this.patch(conversation, { archived }, by)).status !== 200) return
    this.late(conversation.id, archived ? 'Archived. Undo with Tab.' : 'Taken out of the archive. Undo with Tab.', { then: () => this.list.drop(conversation.id), undo: () => this.patch(conversation, { archived: !archived }, by) })
  }
  remove({ id }) {
    const by = { person: me() }
    const then = async () => {
      const answer = await this.ask('DELETE', id, by)
      this.list.render()
      if (answer.status !== 204 && answer.status !== 404) return answer.status && this.app.answered(answer)
      this.list.drop(id)
      if (this.app.isOpen(id)) this.app.go('new')
    }
    this.late(id, 'Deleted. Undo with Tab.', { then, leaving: () => call('DELETE', pathOf(id), { ...by, keepalive: true }) })
  }
  /** Strikes the row through for eight seconds, in which it can be undone. */
  late(id, name, { then, undo, leaving }) {
    if (this.list.busy.has(id)) return
    const row = () => this.list.lines.get(id)?.li
    const timer = setTimeout(async () => {
      const [had, next] = [row()?.contains(document.activeElement), row()?.nextElementSibling]
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
