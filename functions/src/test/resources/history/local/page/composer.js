/* The box that messages are written in. It keeps what was typed, for each person and conversation, on this device. */
import { h, icon, say } from './dom.js'

const [MOST, WARNED] = [100_000, 99_000]

export class Composer {
  /** @param on {send(text), stop(), editLast()} */
  constructor(on) {
    Object.assign(this, { on, key: '', state: 'idle', block: '', notice: '', queued: false })
    this.area = h('textarea', { id: 'message', rows: 1, 'aria-describedby': 'hint', oninput: () => this.typed(), onkeydown: event => this.pressed(event) })
    this.hint = h('span.hint', { id: 'hint' })
    this.action = h('button.b.first', { type: 'button', onclick: event => event.detail > 1 || this.act() })
    this.box = h('div.composer', {}, h('label.vh', { for: 'message' }, 'Message'), this.area, h('div.bar', {}, this.hint, this.action))
    this.element = h('form.dock', { onsubmit: event => event.preventDefault() }, h('div.col', {}, this.box))
    this.show()
  }
  get text() { return this.area.value }
  set text(text) { this.area.value = text; this.typed() }
  focus() { this.area.focus({ preventScroll: true }) }
  /** Goes to another draft. */
  keep(key) {
    if (key === this.key) return
    Object.assign(this, { key, queued: false, notice: '' })
    this.area.value = localStorage.getItem(key) ?? ''
    this.show()
  }
  /** The draft is for a conversation that has just been made. */
  rename(key) { localStorage.removeItem(this.key); this.key = key; this.save() }
  typed() { Object.assign(this, { queued: false, notice: '' }); this.save(); this.show() }
  save() {
    if (this.text) localStorage.setItem(this.key, this.text)
    else localStorage.removeItem(this.key)
  }
  /** idle, sending, answering; block: why nothing can be sent just now. */
  set(state = this.state, block = this.block) {
    Object.assign(this, { state, block })
    this.show()
    if (state === 'idle' && this.queued && !block) this.act()
  }
  /** What is wrong with what was typed, as the server said. */
  complain(notice) { this.notice = notice; this.show() }
  over() { return this.text.length > WARNED ? [...this.text].length - MOST : -MOST }
  show() {
    const over = this.over()
    const busy = this.state !== 'idle'
    const bad = over > 0 || Boolean(this.notice)
    const near = over > WARNED - MOST
    const many = Math.abs(over).toLocaleString('en')
    const said = over > 0 ? `${many} characters too long. A message has at most 100,000.` : this.notice || (near ? `${many} characters left`
      : this.block || (this.queued ? 'Will be sent when the answer is done.' : this.state === 'sending' ? 'Sending…' : ''))
    const level = (over > 0) + near
    if (level > this.level) say(said)
    this.level = level
    const keys = busy ? [h('kbd', {}, 'Esc'), ' stops the answer'] : [h('kbd', {}, 'Enter'), ' sends, ', h('kbd', {}, 'Shift Enter'), ' starts a new line']
    this.hint.className = bad ? 'hint bad' : said ? 'hint' : 'hint keys'
    this.hint.replaceChildren(...(said ? [said] : keys))
    this.box.classList.toggle('over', bad)
    this.area.setAttribute('aria-invalid', String(bad))
    this.area.placeholder = busy ? 'Write the next message' : 'Write a message'
    if (!CSS.supports('field-sizing', 'content')) this.area.rows = Math.min(12, this.text.split('\n').length)
    const label = busy ? 'Stop' : 'Send'
    if (this.action.textContent !== label) this.action.replaceChildren(icon(label.toLowerCase()), label)
    this.action.className = busy ? 'b' : 'b first'
    this.action.setAttribute('aria-disabled', String(!busy && (over > 0 || Boolean(this.block))))
  }
  act() {
    if (this.state !== 'idle') this.on.stop()
    else this.submit()
    this.focus()
  }
  submit() {
    const { text } = this
    this.queued = this.state !== 'idle' && Boolean(text.trim())
    const goes = this.state === 'idle' && text.trim() && this.over() <= 0 && !this.block
    if (goes) this.area.value = ''
    this.show()
    if (goes) this.on.send(text)
  }
  pressed(event) {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) this.submit()
    else if (event.key === 'Escape' && this.state !== 'idle') this.on.stop()
    else if (event.key === 'ArrowUp' && !this.text) this.on.editLast()
    else return
    event.preventDefault()
  }
}
