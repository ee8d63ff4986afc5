/* The line under the head: what is wrong, what is safe, what to do. */
import { Unanswered } from './api.js'
import { $, button, h, icon } from './dom.js'
import { forgetToken, me, nameOf } from './people.js'
const AGAIN = 8
const wait = s => (s < 120 ? `${s} seconds` : s < 7200 ? `${Math.ceil(s / 60)} minutes` : `${Math.ceil(s / 3600)} hours`)

export class Notices {
  /** @param app {composer(), poll(), go(place)} */
  constructor(app) {
    // Nothing is asked for while nobody answers, or nobody would believe us.
    Object.assign(this, { app, timer: 0, resting: false })
    addEventListener('offline', () => this.offline())
    addEventListener('online', () => this.back())
    if (!navigator.onLine) this.offline()
  }
  /** Nothing: it goes. */
  show({ symbol = 'warn', text, action, bad } = {}) {
    const box = $('#banner')
    const kind = [symbol, bad, action?.[0]].join()
    const col = h('div.col', {}, icon(symbol), h('p', {}, ...[text ?? ''].flat()), action && button(...action))
    // Only the words change while seconds are counted, so that a button keeps the focus.
    if (text && box.dataset.kind === kind) $('p', box).replaceWith($('p', col))
    else box.replaceChildren(...(text ? [col] : []))
    box.dataset.kind = text ? kind : ''
    box.hidden = !text
    box.className = 'banner' + (bad ? ' bad' : '')
    if (box.role !== (bad ? 'alert' : 'status')) box.role = bad ? 'alert' : 'status'
  }
  clear() {
    clearInterval(this.timer)
    this.resting = false
    this.app.composer().set(undefined, '')
    this.show()
  }
  /** What an answer says that is not the wished one. */
  answered({ status, json, retryAfter }) {
    if (status === 401) this.expired()
    else if (status === 429) this.count(retryAfter || 10, s => ({ symbol: 'clock', bad: true, text: `${json?.detail ?? 'Limit reached.'} You can send again in ${wait(s)}.` }), s => `Kept; can be sent in ${wait(s)}`)
    else if (status === 409) this.show({ symbol: 'clock', text: 'This message is being answered already, perhaps in another tab. It will appear here.' })
    else if (status === 503 && this.app.isMigrating(json)) this.show({ text: 'This works after the migration.', action: ['See the migration', () => this.app.go('migration')] })
    else if (status >= 500) this.away()
    else this.show({ bad: true, text: json?.detail ?? `The API answered ${status}.` })
  }
  /** What was thrown: silence, or a token that was refused. */
  lost(error, then) {
    if (error instanceof Unanswered) return navigator.onLine ? this.away(then) : this.offline()
    if (error.status === undefined) throw error
    this.answered(error)
  }
  expired(then) {
    const person = me()
    this.resting = true
    this.show({ symbol: 'key', bad: true, text: `${nameOf(person)}’s token has expired. Nothing you typed is lost.`, action: ['Get a new token', () => {
      forgetToken(person)
      this.back(then)
    }] })
  }
  away(then) {
    if (then) this.then = then
    if (this.resting) return
    this.resting = true
    this.count(AGAIN, s => ({ bad: true, text: ['The API does not answer. Is ', h('code', {}, './mvnw -Plocal'), ` running? The page tries again in ${s} s.`], action: ['Try now', () => this.back()] }))
  }
  offline() {
    this.show({ symbol: 'off', text: 'You are offline. What you write is kept; send it when you are back.' })
    this.app.composer().set(undefined, 'Offline. Kept on this device')
  }
  count(seconds, notice, blocked) {
    clearInterval(this.timer)
    const tell = () => {
      if (seconds <= 0) return this.back()
      this.show(notice(seconds))
      if (blocked) this.app.composer().set(undefined, blocked(seconds))
      seconds--
    }
    this.timer = setInterval(tell, 1000)
    tell()
  }
  async back(then = this.then) {
    this.then = undefined
    this.clear()
    await then?.()
    await this.app.poll()
  }
}
