/* The conversation that is open: loaded, kept in step, written in. */
import { call, events, Unanswered } from './api.js'
import { Composer } from './composer.js'
import { $, between, button, count, h, icon, say } from './dom.js'
import { Growing } from './markdown.js'
import { failure, messageView, textOf, typed } from './message.js'
import { idOf, me, nameOf, ownerOf } from './people.js'
import { answersBefore, load, pathOf, versionsOf } from './thread.js'

export class Chat {
  /** @param app {go(place), banner(…), list, options(conversation, anchor), lost(error), token()} */
  constructor(app) {
    this.app = app
    this.composer = new Composer({ send: text => this.send(text), stop: () => this.stop(), editLast: () => this.editLast() })
    this.column = h('div.col')
    this.below = h('button.b.below', { type: 'button', hidden: true, onclick: () => this.toEnd() }, 'New text below')
    this.log = h('div.log', { role: 'log', 'aria-label': 'Messages', 'aria-live': 'off', tabindex: 0, onscroll: () => this.scrolled() }, this.column)
    this.failures = new Map()
    this.views = new Map()
    this.clear()
  }

  clear() {
    this.live?.abort.abort()
    Object.assign(this, { id: '', thread: null, live: null, pending: null, editing: null, gone: false, at: new Map() })
    this.views.clear()
    this.column.replaceChildren()
    this.composer.set('idle', '')
  }

  draftKey() { return `draft ${idOf(me())} ${this.id || 'new'}` }

  /** A new conversation, or the one of this address. */
  async open(id, { focus = true } = {}) {
    this.clear()
    this.id = id
    this.app.banner()
    this.composer.keep(this.draftKey())
    if (!id) {
      this.show(h('div.blank.col', {}, h('h3', {}, 'Start with a message'),
        h('p', {}, 'It makes the conversation, and its first six words become the title. It is stored before the model is asked.')))
      this.head('New conversation')
      if (focus) this.composer.focus()
      return
    }
    const bones = setTimeout(() => this.id === id && !this.thread && this.show(h('div.log', {}, h('div.col', { role: 'status' }, h('span.vh', {}, 'Opening the conversation…'), ...[55, 96, 88, 62].map(w => h('div.bone.w' + w))))), 300)
    try {
      const loaded = await load(id)
      if (this.id !== id) return
      if (loaded.answer) this.refused(loaded.answer)
      else {
        this.take(loaded)
        this.toEnd()
        if (focus && !this.reading()) this.composer.focus()
      }
    } catch (error) {
      if (this.id === id) this.app.lost(error, () => this.open(id, { focus }))
    } finally {
      clearTimeout(bones)
    }
  }

  refused({ status, json }) {
    const name = nameOf(me())
    const owner = this.app.before()
    this.head(status === 404 ? 'Not found' : 'Not here', [this.id])
    if (status === 404 && owner && owner !== me()) {
      this.show(h('div.blank.col', {}, h('h3', {}, `Nothing here for ${name}`),
        h('p', {}, `${name} of `, h('code', {}, me().tenant), ` has no conversation with this address. The API says the same about an address that nobody ever used, so ${name} cannot tell that ${nameOf(owner)}’s exists.`),
        h('div.do', {}, button(`Go back to ${nameOf(owner)}`, () => this.app.become(owner), 'first'), button(`Open ${name}’s newest`, () => this.app.newest()))), false)
    } else if (status === 404) {
      this.show(h('div.blank.col', {}, h('h3', {}, 'There is no such conversation.'), h('div.do', {}, button('New conversation', () => this.app.go('new'), 'first'))), false)
    } else if (status === 401) {
      this.app.expired(() => this.open(this.id))
    } else {
      this.show(h('div.blank.col', {}, h('h3', {}, json?.title ?? 'Not here'), h('p', {}, json?.detail ?? ''), h('div.do', {}, button('Try again', () => this.open(this.id), 'first'))), false)
    }
  }

  /** Whether it is somebody else's, which is read and not written in. */
  reading() { return this.thread && me().user_id && this.thread.conversation.user_id !== me().user_id }

  show(body, writable = true) {
    const owner = this.thread && ownerOf(this.thread.conversation)
    const dock = this.reading()
      ? h('div.dock', {}, h('div.col', {}, h('p.none', {}, `${owner ? nameOf(owner) : 'Somebody else'}’s conversation. An admin of `, h('code', {}, me().tenant), ` reads it; only ${owner ? nameOf(owner) : 'its owner'} writes in it.`)))
      : writable ? this.composer.element : h('div')
    this.app.pane({ body, dock })
  }

  head(title, facts = [], conversation) {
    this.app.head(title, facts, conversation && (anchor => this.app.options(conversation, anchor)))
  }

  take(loaded) {
    const before = this.thread
    if (before?.shown[0] && loaded.shown[0] && before.shown[0].seq < loaded.shown[0].seq) {
      const earlier = list => list.filter(row => row.seq < loaded.rows[0].seq)
      loaded.shown = [...earlier(before.shown), ...loaded.shown]
      loaded.rows = [...earlier(before.rows), ...loaded.rows]
      loaded.older = before.older
    }
    this.thread = loaded
    if (this.id !== loaded.conversation.id) {
      this.id = loaded.conversation.id
      this.composer.rename(this.draftKey())
      this.app.address(this.id)
    }
    this.app.seen(loaded.conversation)
    this.render()
    if (!this.live && loaded.shown.at(-1)?.metadata.status === 'running') this.follow()
  }

  render() {
    const { conversation, shown, rows } = this.thread
    const owner = ownerOf(conversation)
    const name = owner ? nameOf(owner) : 'Somebody'
    this.head(conversation.title, [this.reading() && name + '’s', count(conversation.message_count, 'message'), this.thread.etag !== 'none' && 'ETag ' + this.thread.etag, ...conversation.labels], conversation)
    const atEnd = this.isAtEnd()
    const list = []
    let question = null
    let cut = null
    for (const message of shown) {
      if (this.live?.id === message.id || (this.live && message.metadata.status === 'running')) continue
      if (message.role === 'user') question = message
      const versions = message.role === 'user' ? versionsOf(message, rows) : question ? answersBefore(message, question, rows).map(row => ({ message: row, followed: null })) : []
      const at = this.at.get(message.id) ?? versions.length + 1
      const chosen = versions[at - 1]
      list.push(this.view(chosen?.message ?? message, message, {
        name, question, earlier: Boolean(chosen), writable: !this.reading() && !this.gone && !cut,
        versions: versions.length ? { at, of: versions.length + 1, move: to => { this.at.set(message.id, to); this.render() } } : null
      }))
      if (chosen?.followed) {
        cut = chosen
        for (const row of chosen.followed) list.push(this.view(row, row, { name, earlier: true, writable: false }))
        break
      }
    }
    if (!cut && this.pending) list.push(this.pending)
    if (!cut && this.live) list.push(this.live.article)
    const older = this.thread.older && h('p.older', {}, button('Show earlier messages', () => this.older()))
    const wanted = [...(older ? [older] : []), ...list]
    wanted.forEach((element, i) => element.classList.contains('msg') && element.classList.toggle('last', i === wanted.length - 1))
    this.place(wanted)
    if (!this.log.isConnected) this.show(h('div.stage', {}, this.log, this.below))
    else this.show(this.log.parentElement)
    if (atEnd) this.toEnd()
  }

  /** The element that is there already where nothing has changed, so that a selection and the focus stay. */
  view(message, current, view) {
    if (this.editing?.id === current.id && !view.earlier) return this.editing.article
    const failed = this.failures.get(message.id)
    const signature = JSON.stringify([message, view.versions && [view.versions.at, view.versions.of], view.writable, view.earlier, failed])
    const known = this.views.get(message.id)
    if (known?.signature === signature) return known.article
    const question = current.role === 'user' ? current : view.question
    const article = messageView(message, { ...view, failed, act: {
      edit: () => this.edit(current, article),
      regenerate: () => this.again(current, question),
      retry: () => this.again(current, question)
    } })
    this.views.set(message.id, { signature, article })
    return article
  }

  /** Puts elements in this order, and moves none that stands where it should. */
  place(wanted) {
    const kept = new Set(wanted)
    for (const element of [...this.column.children]) if (!kept.has(element)) element.remove()
    wanted.forEach((element, i) => { if (this.column.children[i] !== element) this.column.insertBefore(element, this.column.children[i] ?? null) })
  }

  async older() {
    const height = this.log.scrollHeight - this.log.scrollTop
    const { thread } = this
    const loaded = await load(this.id, undefined, thread.rows[0].seq)
    if (this.thread !== thread || !loaded.shown) return
    thread.shown = [...loaded.shown, ...thread.shown]
    thread.rows = [...loaded.rows, ...thread.rows]
    thread.older = loaded.older
    this.render()
    this.log.scrollTop = this.log.scrollHeight - height
  }

  /** What the list says of it, or nothing when it stands in no list: then it is asked for by itself. */
  async poll(row) {
    if (!this.thread || this.live || this.gone) return
    if (row && row.revision === this.thread.conversation.revision && this.thread.etag !== 'none') return
    await this.reload()
  }

  async reload() {
    const { id } = this
    const loaded = await load(id, this.thread.etag)
    if (this.id !== id || this.live || loaded.same) return
    if (loaded.answer?.status === 404) this.deleted()
    else if (loaded.answer) this.app.answered(loaded.answer)
    else this.take(loaded)
  }

  deleted() {
    this.gone = true
    this.composer.set('idle', 'Kept on this device')
    this.render()
    this.app.banner({ symbol: 'trash', text: 'This conversation was deleted in another tab. Your draft is kept.', action: ['Send it as a new conversation', () => {
      const text = this.composer.text
      this.app.go('new').then(() => { this.composer.text = text; this.composer.submit() })
    }] })
  }

  // Writing

  send(text) {
    const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
    this.transmit(message)
  }

  transmit(message) {
    const text = message.parts[0].text
    this.pending = h('article.msg.user.last', { 'aria-label': nameOf(me()) + ', new message' }, h('div.text', { dir: 'auto' }, ...typed(text)), h('div.foot', {}, h('span.meta', {}, 'sending')))
    this.run({ id: this.id || (this.newId ??= crypto.randomUUID()), message }, text, message)
  }

  /** A new answer to a question, in the place of this one. */
  again(message, question) {
    if (this.live || !question) return
    this.run({ id: this.id, trigger: 'regenerate-message', messageId: message.id, message: { id: question.id, role: 'user', parts: question.parts } }, null, null, question)
  }

  edit(message, article) {
    if (this.live || this.reading()) return
    this.editing?.end()
    const next = this.thread.shown[this.thread.shown.findIndex(each => each.id === message.id) + 1]
    const area = h('textarea', { id: 'edit-' + message.id, rows: 1 })
    area.value = textOf(message)
    const end = () => {
      this.editing = null
      this.views.delete(message.id)
      this.render()
      const back = [...this.column.querySelectorAll('.msg')].find(element => element.dataset.id === message.id)
      ;[...(back?.querySelectorAll('.acts button') ?? [])].find(button => button.textContent === 'Edit')?.focus()
    }
    const save = () => {
      const text = area.value
      if (!text.trim() || this.live) return
      end()
      if (text === textOf(message)) return
      const parts = [{ type: 'text', text }, ...message.parts.filter(part => part.type !== 'text')]
      this.run({ id: this.id, messageId: message.id, message: { id: message.id, role: 'user', parts } }, null, null, { ...message, parts, content: text }, { area: text, message })
    }
    const form = h('form.edit', { onsubmit: event => { event.preventDefault(); save() }, onkeydown: event => {
      if (event.key === 'Escape') end()
      else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === area) { event.preventDefault(); save() }
    } },
    h('label.vh', { for: area.id }, 'Edit message ' + message.seq), area,
    h('div.bar', {}, h('span.hint', {}, next ? `Message ${next.seq} will be replaced. It is kept as a version.` : 'The earlier text is kept as a version.'), button('Cancel', end, 'bare'), h('button.b.first', { type: 'submit' }, 'Save and send')))
    this.editing = { id: message.id, end, article: h('article.msg.user', { 'aria-label': 'Edit message ' + message.seq, 'data-id': message.id }, $('.seq', article).cloneNode(true), form) }
    this.render()
    area.focus()
    area.setSelectionRange(area.value.length, area.value.length)
  }

  editLast() {
    const last = this.thread?.shown.findLast(message => message.role === 'user')
    if (last) [...(this.views.get(last.id)?.article.querySelectorAll('.acts button') ?? [])].find(button => button.textContent === 'Edit')?.click()
  }

  async stop() {
    if (!this.live) return
    say('Stopped.')
    try {
      const { status } = await call('POST', `/api/chat/${encodeURIComponent(this.id || this.newId)}/stop`)
      if (status === 204 && this.live) this.live.stopping = true
    } catch (error) {
      this.app.lost(error)
    }
  }

  // Answers

  /** Sends, and shows the answer as it comes. What was typed comes back into the box when it was not accepted. */
  async run(body, typedText, message, question) {
    const live = this.begin(question)
    this.composer.set('sending')
    this.app.banner()
    try {
      const answer = await call('POST', '/api/chat', { body, headers: { Accept: 'text/event-stream' }, stream: true, signal: live.abort.signal })
      if (answer.status !== 200) return this.notAccepted(answer, typedText, live)
      this.accepted(typedText)
      await this.listen(answer, live)
    } catch (error) {
      if (error.name === 'AbortError') return
      if (this.live !== live) return
      if (live.heard) await this.broken(live)
      else if (message) this.notSent(message, live)
      else {
        await this.finish(live)
        this.app.lost(error)
      }
    }
  }

  begin(question) {
    const box = h('div.text', { dir: 'auto' })
    const facts = h('span.meta')
    const article = h('article.msg.last', { 'aria-busy': 'true', 'aria-label': 'Assistant, being written' }, h('span.seq', { 'aria-hidden': 'true' }), box, h('div.foot', {}, facts))
    const live = { box, article, abort: new AbortController(), started: performance.now(), growing: new Growing(box), heard: false, id: null }
    live.growing.ondraw = () => this.followEnd()
    const tell = () => {
      const seconds = Math.floor((performance.now() - live.started) / 1000)
      facts.replaceChildren(...between(['being written', count(live.growing.text.length, 'character'), seconds + ' s']))
      if (seconds === 15) say('Still being written.')
    }
    tell()
    live.timer = setInterval(tell, 1000)
    this.live = live
    if (question && this.thread) {
      // What will be replaced is not shown while the new answer is written.
      const at = this.thread.shown.findIndex(message => message.id === question.id)
      this.thread.shown = [...this.thread.shown.slice(0, at), question]
      this.at.delete(question.id)
    }
    say('The answer is being written.')
    if (this.thread) this.render()
    else {
      this.place([this.pending, article])
      this.show(h('div.stage', {}, this.log, this.below))
    }
    this.toEnd()
    return live
  }

  accepted(typedText) {
    this.composer.set('answering')
    if (typedText != null && this.composer.text === '') this.composer.save()
  }

  async listen(answer, live) {
    let ended = false
    for await (const event of events(answer)) {
      if (this.live !== live) return
      live.heard = true
      if (event.type === 'start') {
        live.id = event.messageId
        if (!this.thread || this.id !== event.messageMetadata.conversationId) this.named(event.messageMetadata.conversationId)
      } else if (event.type === 'text-delta') live.growing.add(event.delta)
      else if (event.type === 'error') {
        this.failures.set(live.id, { text: event.errorText.replace(/([^.])$/, '$1.'), details: ['request ' + (answer.entry.requestId ?? '').slice(0, 8)] })
        ended = !/ask for it again/.test(event.errorText)
      } else if (event.type === 'finish' || event.type === 'abort') ended = true
    }
    if (this.live !== live) return
    if (ended) await this.finish(live)
    else await this.broken(live)
  }

  /** The new conversation has an address. */
  named(id) {
    if (this.id === id) return
    this.id = id
    this.newId = undefined
    this.composer.rename(this.draftKey())
    this.app.address(id)
  }

  /** The connection is gone; the answer goes on without it. */
  async broken(live) {
    live.growing.end()
    clearInterval(live.timer)
    if (this.live !== live) return
    this.live = null
    await this.settle(this.id)
  }

  async settle(id) {
    try {
      const loaded = await load(id)
      if (this.id !== id) return
      this.pending = null
      if (loaded.answer) this.refused(loaded.answer)
      else this.take(loaded)
      if (!this.live) this.composer.set('idle')
    } catch (error) {
      this.composer.set('idle')
      this.app.lost(error, () => this.settle(id))
    }
  }

  /** An answer that is being made elsewhere, or was when this page was loaded. */
  async follow() {
    const { id } = this
    const live = this.begin()
    live.heard = true
    this.composer.set('answering')
    try {
      const answer = await call('GET', `/api/chat/${encodeURIComponent(id)}/stream`, { headers: { Accept: 'text/event-stream' }, stream: true, signal: live.abort.signal })
      if (answer.status === 200) await this.listen(answer, live)
      else await this.finish(live)
    } catch (error) {
      if (error.name === 'AbortError' || this.live !== live) return
      await this.finish(live)
    }
  }

  async finish(live) {
    live.growing.end()
    clearInterval(live.timer)
    const text = live.box.textContent
    const { id } = this
    try {
      const loaded = await load(id)
      if (this.live !== live) return
      this.live = null
      this.pending = null
      if (loaded.answer?.status === 404) return this.thread ? this.deleted() : this.refused(loaded.answer)
      if (loaded.answer) return this.app.answered(loaded.answer)
      const last = loaded.shown.at(-1)
      this.take(loaded)
      if (last?.metadata.status === 'completed') say('Answer finished. ' + text.slice(0, 400))
    } catch (error) {
      if (this.live === live) this.live = null
      this.app.lost(error, () => this.settle(id))
    } finally {
      if (!this.live) this.composer.set('idle')
    }
    this.app.poll()
  }

  notAccepted(answer, typedText, live) {
    live.growing.end()
    clearInterval(live.timer)
    this.live = null
    this.pending = null
    this.composer.set('idle')
    if (typedText != null) this.composer.text = typedText + (this.composer.text ? '\n\n' + this.composer.text : '')
    if (answer.status === 404 && this.thread) this.deleted()
    else if (answer.status === 422) this.composer.complain(answer.json.errors?.[0]?.detail ?? answer.json.detail)
    else if (answer.status === 413) this.composer.complain('This is too large to send. Leave out a file.')
    else this.app.answered(answer)
    if (!this.id) this.open('')
    else if (!this.gone) this.settle(this.id)
  }

  /** Nobody knows whether it has arrived: the same message again is not stored twice. */
  notSent(message, live) {
    live.growing.end()
    clearInterval(live.timer)
    this.live = null
    this.composer.set('idle')
    $('.foot', this.pending).remove()
    const card = failure('Not sent.', 'The connection broke before the message was stored.', button('Send again', () => { card.remove(); this.transmit(message) }))
    this.pending.append(card)
    if (this.thread) this.render()
    else this.place([this.pending])
    this.app.lost(new Unanswered())
  }

  // Scrolling

  isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48 }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight
    this.wasAtEnd = true
    this.below.hidden = true
  }

  scrolled() {
    this.wasAtEnd = this.isAtEnd()
    if (this.wasAtEnd) this.below.hidden = true
  }

  followEnd() {
    if (this.wasAtEnd !== false) this.toEnd()
    else this.below.hidden = false
  }
}

export { icon, pathOf }
