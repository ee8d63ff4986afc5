/* The box that messages are written in. It keeps what was typed, for each person and conversation, on this device. */
import { h, icon, say } from './dom.js'

const MOST = 100_000
const WARNED = 99_000

export class Composer {
  /** @param on {send(text), stop(), editLast()} */
  constructor(on) {
    this.on = on
    this.key = ''
    this.state = 'idle'
    this.block = ''
    this.queued = false
    this.area = h('textarea', { id: 'message', rows: 1, 'aria-describedby': 'hint', oninput: () => this.typed(), onkeydown: event => this.pressed(event) })
    this.hint = h('span.hint', { id: 'hint' })
    this.action = h('button.b.first', { type: 'button', onclick: () => this.act() })
    this.box = h('div.composer', {}, h('label.vh', { for: 'message' }, 'Message'), this.area, h('div.bar', {}, this.hint, this.action))
    this.element = h('form.dock', { onsubmit: event => event.preventDefault() }, h('div.col', {}, this.box))
    this.show()
  }

  get text() { return this.area.value }

  set text(text) {
    this.area.value = text
    this.typed()
  }

  focus() { this.area.focus({ preventScroll: true }) }

  /** Goes to another draft. */
  keep(key) {
    if (key === this.key) return
    this.key = key
    this.queued = false
    this.notice = ''
    this.area.value = localStorage.getItem(key) ?? ''
    this.show()
  }

  /** The draft is for a conversation that has just been made. */
  rename(key) {
    localStorage.removeItem(this.key)
    this.key = key
    this.save()
  }

  typed() {
    this.queued = false
    this.notice = ''
    this.save()
    this.show()
  }

  save() {
    if (this.text) localStorage.setItem(this.key, this.text)
    else localStorage.removeItem(this.key)
  }

  /** idle, sending, answering; block: why nothing can be sent just now. */
  set(state = this.state, block = this.block) {
    this.state = state
    this.block = block
    this.show()
    if (state === 'idle' && this.queued && !block) this.act()
  }

  /** What is wrong with what was typed, as the server said. */
  complain(text) {
    this.notice = text
    this.show()
  }

  over() {
    return this.text.length > WARNED ? [...this.text].length - MOST : -MOST
  }

  show() {
    const over = this.over()
    const busy = this.state !== 'idle'
    const bad = over > 0 || Boolean(this.notice)
    this.area.placeholder = busy ? 'Write the next message' : 'Write a message'
    if (!CSS.supports('field-sizing', 'content')) {
      this.area.style.height = 'auto'
      this.area.style.height = this.area.scrollHeight + 'px'
    }
    const said = over > 0 ? `${over.toLocaleString('en')} characters too long. A message has at most 100,000.`
      : this.notice || (over > WARNED - MOST ? `${(-over).toLocaleString('en')} characters left` : this.block || (this.queued ? 'Will be sent when the answer is done.' : this.state === 'sending' ? 'Sending…' : ''))
    if (over > 0 && this.lastOver <= 0) say(said)
    else if (over > WARNED - MOST && this.lastOver <= WARNED - MOST) say(said)
    this.lastOver = over
    this.hint.className = bad ? 'hint bad' : said ? 'hint' : 'hint keys'
    const keys = busy ? [h('kbd', {}, 'Esc'), ' stops the answer'] : [h('kbd', {}, 'Enter'), ' sends, ', h('kbd', {}, 'Shift Enter'), ' starts a new line']
    this.hint.replaceChildren(...(said ? [said] : keys))
    this.box.classList.toggle('over', bad)
    if (bad) this.area.setAttribute('aria-invalid', 'true')
    else this.area.removeAttribute('aria-invalid')
    const label = busy ? 'Stop' : 'Send'
    if (this.action.textContent !== label) this.action.replaceChildren(icon(label.toLowerCase()), label)
    this.action.className = busy ? 'b' : 'b first'
    const blocked = !busy && (over > 0 || this.block)
    if (blocked) this.action.setAttribute('aria-disabled', 'true')
    else this.action.removeAttribute('aria-disabled')
  }

  act() {
    if (this.state !== 'idle') this.on.stop()
    else this.submit()
    this.focus()
  }

  submit() {
    if (this.state !== 'idle') {
      this.queued = Boolean(this.text.trim())
      this.show()
    } else if (this.text.trim() && this.over() <= 0 && !this.block) {
      this.queued = false
      const text = this.text
      this.area.value = ''
      this.show()
      this.on.send(text)
    }
  }

  pressed(event) {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      this.submit()
    } else if (event.key === 'Escape' && this.state !== 'idle') {
      this.on.stop()
    } else if (event.key === 'ArrowUp' && !this.text) {
      event.preventDefault()
      this.on.editLast()
    }
  }
}
