/* A message on its way, and the answer as it comes: by what was sent, or by the stream of one that is being made already. */
import { Answer } from './answer.js'
import { call, events, Unanswered } from './api.js'
import { button, h, say } from './dom.js'
import { failure, typed } from './message.js'
import { me, nameOf } from './people.js'
import { load } from './thread.js'

const EVENTS = { headers: { Accept: 'text/event-stream' }, stream: true }

export class Turns {
  constructor(chat) {
    // failures: what the stream said of answers that failed, by id; the API keeps no words for it.
    Object.assign(this, { chat, app: chat.app, live: null, failures: new Map() })
  }
  /** Closes the connection; the answer goes on without it. */
  leave() { this.live?.end(); this.live?.abort.abort(); this.live = null }
  send(text) { this.transmit({ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }) }
  transmit(message) {
    const { chat } = this
    chat.pending = h('article.msg.user', { 'aria-label': nameOf(me()) + ', new message' }, h('div.text', { dir: 'auto' }, ...typed(message.parts[0].text)), h('div.foot', {}, h('span.meta', {}, 'sending')))
    this.run({ id: chat.id || (this.newId ??= crypto.randomUUID()), message }, message)
  }
  /** A new answer to a question, in the place of this one. */
  again(message, question) {
    if (!this.live && question) this.replace(question, { messageId: message.id, trigger: 'regenerate-message' })
  }
  edited(message, text) {
    if (!this.live) this.replace({ ...message, content: text, parts: [{ type: 'text', text }, ...message.parts.filter(part => part.type !== 'text')] }, { messageId: message.id })
  }
  /** What stands behind the question is not shown while its new answer is written. */
  replace(question, body) {
    const { thread, id, at } = this.chat
    thread.shown = [...thread.shown.slice(0, thread.shown.findIndex(each => each.id === question.id)), question]
    at.clear()
    this.run({ id, message: { id: question.id, role: 'user', parts: question.parts }, ...body })
  }
  async stop() {
    if (!this.live) return
    this.live.halted = true
    say('Stopped.')
    try {
      const answer = await call('POST', `/api/chat/${encodeURIComponent(this.chat.id || this.newId)}/stop`)
      if (answer.status >= 400) this.app.answered(answer)
    } catch (error) {
      this.app.lost(error)
    }
  }
  begin(state) {
    const live = new Answer(() => this.live === live && this.chat.grown())
    this.live = live
    this.chat.composer.set(state)
    this.chat.render()
    this.chat.toEnd()
    return live
  }
  /** @param message what the composer sent: it goes back there when it was not accepted */
  async run(body, message) {
    const live = this.begin('sending')
    this.app.banner()
    try {
      const answer = await call('POST', '/api/chat', { body, ...EVENTS, signal: live.abort.signal })
      if (this.live !== live) return
      if (answer.status !== 200) return await this.refused(answer, message, live)
      this.chat.composer.set('answering')
      if (!this.chat.composer.text) this.chat.composer.save()
      await this.listen(answer, live)
    } catch (error) {
      if (this.live !== live) return
      if (live.heard || !message) await this.settle(live)
      else this.notSent(message, live)
    }
  }
  /** An answer that is being made elsewhere, or was when this page was loaded. */
  async follow() {
    const live = this.begin('answering')
    try {
      const answer = await call('GET', `/api/chat/${encodeURIComponent(this.chat.id)}/stream`, { ...EVENTS, signal: live.abort.signal })
      if (answer.status === 200) await this.listen(answer, live)
      else await this.settle(live)
    } catch {
      await this.settle(live)
    }
  }
  async listen(answer, live) {
    for await (const event of events(answer)) {
      if (this.live !== live) return
      live.heard = true
      if (event.type === 'start') {
        live.id = event.messageId
        if (live.halted) this.stop() // It was not there yet the first time.
        this.newId = undefined
        this.chat.named(event.messageMetadata.conversationId)
      } else if (event.type === 'text-delta') live.growing.add(event.delta)
      else if (event.type === 'error') this.failures.set(live.id, { text: event.errorText, details: ['request ' + (answer.entry.requestId ?? '').slice(0, 8)] })
    }
    await this.settle(live)
  }
  /** The answer is over, or its connection: what is stored is shown, and an answer that is still being made followed. */
  async settle(live) {
    if (this.live !== live) return
    const { chat, chat: { id } } = this
    live.end()
    try {
      const loaded = await load(id)
      if (this.live !== live) return
      this.live = chat.pending = null
      if (!loaded.answer) {
        chat.take(loaded, live)
        if (loaded.shown.at(-1)?.metadata.status === 'completed') say('Answer finished. ' + live.spoken())
      } else if (loaded.answer.status === 404 && chat.thread) chat.deleted()
      else chat.refused(loaded.answer)
    } catch (error) {
      if (this.live !== live) return
      this.live = null
      this.app.lost(error, () => chat.open(id))
    } finally {
      if (!this.live) chat.composer.set('idle')
    }
    this.app.poll()
  }
  async refused(answer, message, live) {
    const { chat, chat: { composer } } = this
    const { status, json } = answer
    live.end()
    this.live = chat.pending = null
    composer.queued = false
    composer.set('idle')
    if (message) composer.text = [message.parts[0].text, composer.text].filter(Boolean).join('\n\n')
    const loaded = chat.id ? await load(chat.id) : await chat.open('')
    if (loaded?.shown) chat.take(loaded)
    if (status === 404 && chat.thread) chat.deleted()
    else if (status === 413) composer.complain('This is too large to send. Leave out a file.')
    else if (status === 422) composer.complain('The API refuses this message: its text ' + (json.errors?.[0]?.detail ?? json.detail) + '.')
    else this.app.answered(answer)
  }
  /** Nobody knows whether it has arrived: the same message again is not stored twice. */
  notSent(message, live) {
    const { chat } = this
    live.end()
    this.live = null
    chat.composer.set('idle')
    chat.pending.lastChild.remove()
    chat.pending.append(failure('Not sent.', 'The connection broke before the message was stored.', button('Send again', () => this.transmit(message))))
    chat.render()
    this.app.lost(new Unanswered())
  }
}
