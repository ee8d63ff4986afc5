/* An answer while it is written. */
import { between, count, h, say } from './dom.js'
import { Growing } from './markdown.js'

export class Answer {
  /** @param ongrow is called whenever it has grown on the page */
  constructor(ongrow) {
    Object.assign(this, { id: null, heard: false, abort: new AbortController(), started: performance.now(), facts: h('span.meta'), box: h('div.text', { dir: 'auto' }) })
    this.growing = new Growing(this.box, ongrow)
    this.article = h('article.msg.last', { 'aria-busy': 'true', 'aria-label': 'Assistant, being written' }, h('span.seq', { 'aria-hidden': 'true' }), this.box, h('div.foot', {}, this.facts))
    this.timer = setInterval(() => this.tell(), 1000)
    this.tell()
    say('The answer is being written.')
  }
  tell() {
    const seconds = Math.floor((performance.now() - this.started) / 1000)
    this.facts.replaceChildren(...between(['being written', count(this.growing.text.length, 'character'), seconds + ' s']))
    if (seconds === 15) say('Still being written.')
  }
  end() { this.growing.end(); clearInterval(this.timer) }
  /** For those who do not see it: the beginning, and code as so many lines. */
  spoken() {
    const copy = this.box.cloneNode(true)
    for (const block of copy.querySelectorAll('.codeblock')) block.replaceWith(` code, ${count(block.querySelector('code').textContent.split('\n').length, 'line')} `)
    return copy.textContent.slice(0, 400)
  }
}
