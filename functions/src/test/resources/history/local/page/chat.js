/* The conversation that is open: loaded, shown, kept in step. What is written in it is in turns.js. */
import { Composer } from './composer.js'
import { button, count, h } from './dom.js'
import { editButton, editor } from './edit.js'
import { messageView } from './message.js'
import { idOf, me, nameOf, ownerOf } from './people.js'
import { answersBefore, load, versionsOf } from './thread.js'
import { Turns } from './turns.js'

const blank = (title, text, ...buttons) => h('div.blank.col', {}, h('h3', {}, title), h('p', {}, ...[text].flat()), h('div.do', {}, ...buttons))

export class Chat {
  constructor(app) {
    this.app = app
    this.turns = new Turns(this)
    this.composer = new Composer({ send: text => this.turns.send(text), stop: () => this.turns.stop(), editLast: () => this.editLast() })
    this.column = h('div.col')
    this.below = h('button.b.below', { type: 'button', hidden: true, onclick: () => this.toEnd() }, 'New text below')
    this.log = h('div.log', { role: 'log', 'aria-label': 'Messages', 'aria-live': 'off', tabindex: 0, onscroll: () => this.scrolled() }, this.column)
    this.stage = h('div.stage', {}, this.log, this.below)
    // What was off the screen gets its height only when it is seen.
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.column)
    this.clear()
  }
  clear() {
    this.turns.leave()
    Object.assign(this, { id: '', thread: null, pending: null, editing: null, gone: false, at: new Map(), views: new Map() })
    this.column.replaceChildren()
    this.composer.set('idle', '')
  }
  draftKey() { return `draft ${idOf(me())} ${this.id || 'new'}` }
  /** The conversation of this address, or a new one. */
  async open(id, focus = true) {
    this.clear()
    this.id = id
    this.composer.keep(this.draftKey())
    if (!id) {
      this.head('New conversation')
      this.show(blank('Start with a message', 'It makes the conversation, and its first six words become the title. It is stored before the model is asked.'))
      if (focus) this.composer.focus()
      return
    }
    const bones = setTimeout(() => this.id === id && !this.thread && this.show(h('div.log', {}, h('div.col', { role: 'status' }, h('span.vh', {}, 'Opening the conversation…'), ...[55, 96, 88, 62].map(w => h('div.bone.w' + w))))), 300)
    try {
      const loaded = await load(id)
      if (this.id !== id) return
      if (loaded.answer) return this.refused(loaded.answer)
      this.take(loaded)
      this.toEnd()
      if (focus && !this.reading()) this.composer.focus()
    } catch (error) {
      if (this.id === id) this.app.lost(error, () => this.open(id, focus))
    } finally {
      clearTimeout(bones)
    }
  }
  refused({ status, json }) {
    const name = nameOf(me())
    const other = this.app.before()
    const again = () => this.open(this.id)
    this.head(status === 404 ? 'Not found' : 'Not here', [this.id])
    if (status === 401) this.app.expired(again)
    else if (status === 404 && other && other !== me()) {
      this.show(blank(`Nothing here for ${name}`, [`${name} of `, h('code', {}, me().tenant), ` has no conversation with this address. The API says the same about an address that nobody ever used, so ${name} cannot tell that ${nameOf(other)}’s exists.`],
        button(`Go back to ${nameOf(other)}`, () => this.app.become(other), 'first'), button(`Open ${name}’s newest`, () => this.app.newest())), false)
    } else if (status === 404) this.show(blank('There is no such conversation.', '', button('New conversation', () => this.app.go('new'), 'first')), false)
    else if (status === 503 && this.app.isMigrating(json)) this.show(blank('This works after the migration.', json.detail, button('See the migration', () => this.app.go('migration'), 'first')), false)
    else this.show(blank(json?.title ?? 'Not here', json?.detail ?? '', button('Try again', again, 'first')), false)
  }
  /** Whether it is somebody else's, which is read and not written in. */
  reading() { return this.thread && me().user_id && this.thread.conversation.user_id !== me().user_id }
  ownerName() { const owner = this.thread && ownerOf(this.thread.conversation); return owner ? nameOf(owner) : 'Somebody else' }
  show(body, writable = true) {
    const reads = this.reading() && h('div.dock', {}, h('div.col', {}, h('p.none', {}, `${this.ownerName()}’s conversation. An admin of `, h('code', {}, me().tenant), ` reads it; only ${this.ownerName()} writes in it.`)))
    this.app.pane(body, reads || (writable ? this.composer.element : h('div')))
  }
  head(title, facts, conversation) { this.app.head(title, facts, conversation && (anchor => this.app.options(conversation, anchor))) }
  /** @param answer that was written here just now: what it shows is not rendered again */
  take(loaded, answer) {
    this.answer = answer
    const before = this.thread
    if (before?.rows[0]?.seq < loaded.rows[0]?.seq) {
      // Earlier pages that are shown stay.
      for (const name of ['shown', 'rows']) loaded[name] = [...before[name].filter(row => row.seq < loaded.rows[0].seq), ...loaded[name]]
      loaded.older = before.older
    }
    this.thread = loaded
    this.named(loaded.conversation.id)
    this.app.seen(loaded.conversation)
    this.render()
    if (!this.turns.live && loaded.shown.at(-1)?.metadata.status === 'running') this.turns.follow()
  }
  /** A new conversation, or one by its client's id, has an address of its own. */
  named(id) {
    if (this.id === id) return
    this.id = id
    this.composer.rename(this.draftKey())
    this.app.address(id)
  }
  render() {
    const wanted = this.thread ? this.messages() : []
    const atEnd = this.isAtEnd()
    const answer = this.turns.live?.article
    if (!this.thread?.earlier) wanted.push(...[this.pending, answer].filter(Boolean))
    for (const element of wanted) element.classList.toggle('last', element === wanted.at(-1))
    for (const element of [...this.column.children]) if (!wanted.includes(element)) element.remove()
    wanted.forEach((element, i) => { if (this.column.children[i] !== element) this.column.insertBefore(element, this.column.children[i] ?? null) })
    this.show(this.stage)
    if (atEnd) this.toEnd()
  }
  messages() {
    const { thread } = this
    const { conversation, shown, rows } = thread
    this.head(conversation.title, [this.reading() && this.ownerName() + '’s', count(conversation.message_count, 'message'), thread.etag !== 'none' && 'ETag ' + thread.etag, ...conversation.labels], conversation)
    const name = this.ownerName()
    const list = thread.older ? [h('p.older', {}, button('Show earlier messages', () => this.older()))] : []
    let question = null
    thread.earlier = false
    for (const message of shown) {
      if (this.turns.live && message.metadata.status === 'running') continue
      if (message.role === 'user') question = message
      const versions = message.role === 'user' ? versionsOf(message, rows) : question ? answersBefore(message, question, rows) : []
      const at = this.at.get(message.id) ?? versions.length + 1
      const chosen = versions[at - 1]
      list.push(this.view(chosen?.message ?? message, message, { name, question, earlier: Boolean(chosen), writable: !this.reading() && !this.gone,
        versions: versions.length ? { at, of: versions.length + 1, move: to => { this.at.set(message.id, to); this.render() } } : null }))
      if (!chosen?.followed) continue
      // An earlier text stands with everything that followed it then.
      thread.earlier = true
      return [...list, ...chosen.followed.map(row => this.view(row, row, { name, earlier: true, writable: false }))]
    }
    return list
  }
  /** The element that is there already where nothing has changed, so that a selection and the focus stay. */
  view(message, current, view) {
    if (this.editing?.id === current.id && !view.earlier) return this.editing.article
    const failed = this.turns.failures.get(message.id)
    const signature = JSON.stringify([message, view.versions && [view.versions.at, view.versions.of], view.writable, view.earlier, failed])
    const known = this.views.get(message.id)
    if (known?.signature === signature) return known.article
    const again = () => this.turns.again(current, current.role === 'user' ? current : view.question)
    const article = messageView(message, { ...view, failed, box: this.answer?.id === message.id && message.parts?.length === 1 && this.answer.growing.of(message.content), act: { edit: () => this.edit(current, article), again } })
    this.views.set(message.id, { signature, article })
    return article
  }
  edit(message, article) {
    if (this.turns.live) return
    const end = () => { this.editing = null; this.render(); editButton(this.views.get(message.id)?.article).focus() }
    const next = this.thread.shown[this.thread.shown.findIndex(each => each.id === message.id) + 1]
    this.editing = editor(message, next, article.querySelector('.seq').cloneNode(true), { end, save: text => this.turns.edited(message, text) })
    this.render()
    this.editing.area.focus()
  }
  editLast() {
    const last = this.thread?.shown.findLast(message => message.role === 'user')
    if (last) editButton(this.views.get(last.id)?.article).click()
  }
  async older() {
    const { thread } = this
    const fromEnd = this.log.scrollHeight - this.log.scrollTop
    const loaded = await load(this.id, undefined, thread.rows[0].seq)
    if (this.thread !== thread || !loaded.shown) return
    Object.assign(thread, { shown: [...loaded.shown, ...thread.shown], rows: [...loaded.rows, ...thread.rows], older: loaded.older })
    this.render()
    this.log.scrollTop = this.log.scrollHeight - fromEnd
  }
  /** @param row what the list says of it; where it stands in no list it is asked for by itself */
  async poll(row) {
    if (!this.thread || this.turns.live || this.gone || (row?.revision === this.thread.conversation.revision && this.thread.etag !== 'none')) return
    const { id } = this
    const loaded = await load(id, this.thread.etag)
    if (this.id !== id || this.turns.live || loaded.same) return
    if (loaded.answer) loaded.answer.status === 404 ? this.deleted() : this.app.answered(loaded.answer)
    else this.take(loaded)
  }
  deleted() {
    this.gone = true
    this.composer.set('idle', 'Kept on this device')
    this.render()
    this.app.banner({ symbol: 'trash', text: 'This conversation was deleted in another tab. Your draft is kept.', action: ['Send it as a new conversation', async () => {
      const { text } = this.composer
      await this.app.go('new')
      this.composer.text = text
      this.composer.submit()
    }] })
  }
  isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48 }
  toEnd() { this.log.scrollTop = this.log.scrollHeight; this.scrolled() }
  scrolled() {
    this.follows = this.isAtEnd()
    if (this.follows) this.below.hidden = true
  }
  /** The log follows the end, unless the reader has gone up. */
  grown() { this.follows ? this.toEnd() : (this.below.hidden = false) }
}
