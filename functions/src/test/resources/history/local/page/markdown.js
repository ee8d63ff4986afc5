/* Markdown of a model, shown safely: HTML in it stays text, DOMPurify looks at what marked makes, and the page's policy runs no script of either. */
import { Marked } from './lib/marked.js'
import DOMPurify from './lib/purify.js'
import { codeblock, h } from './dom.js'

const escape = text => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escape(text),
    // A picture of another host would tell that host who reads; it is a link.
    image: ({ href, text }) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
    heading({ tokens, depth }) { const level = Math.min(6, depth + 3); return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>` },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ')
  }
})

const ALLOWED = {
  ALLOWED_TAGS: ['p', 'br', 'hr', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'align'],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true
}

function render(text) {
  const fragment = DOMPurify.sanitize(marked.parse(text), ALLOWED)
  for (const pre of fragment.querySelectorAll('pre')) {
    const language = pre.querySelector('code')?.className.match(/language-(\S+)/)?.[1] ?? ''
    pre.replaceWith(codeblock(language, pre.textContent.replace(/\n$/, ''), 'Code, ' + (language || 'text')))
  }
  for (const table of fragment.querySelectorAll('table')) {
    const box = h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': 'Table' })
    table.replaceWith(box)
    box.append(table)
  }
  for (const a of fragment.querySelectorAll('a[href]')) {
    a.rel = 'noopener noreferrer'
    a.target = '_blank'
    a.title = a.host || a.href
  }
  for (const block of fragment.querySelectorAll('p, li, h4, h5, h6, blockquote, th, td')) block.dir = 'auto'
  for (const other of fragment.querySelectorAll('[class]:not(.codeblock, .codeblock *, .scroll)')) other.removeAttribute('class')
  return fragment
}
/** All of a text, once. */
export const markdown = text => [...render(text).childNodes]
/**
 * A text that grows. Blocks that are over stay as they are; only the last one is rendered again, once a frame, and so much less
 * often as it takes longer that typing never waits for it.
 */
export class Growing {
  constructor(box, ondraw) { Object.assign(this, { box, ondraw, text: '', from: 0, open: [], code: null, timer: 0, due: 0, caret: h('span.caret') }); box.append(this.caret) }
  add(text) {
    this.text += text
    if (!this.timer) this.timer = setTimeout(() => requestAnimationFrame(() => this.timer && this.draw()), Math.max(0, this.due - performance.now()))
  }
  draw() {
    this.timer = 0
    const started = performance.now()
    const blocks = marked.lexer(this.text.slice(this.from))
    const last = blocks.findLastIndex(block => block.type !== 'space')
    const over = blocks.slice(0, Math.max(0, last)).map(block => block.raw).join('')
    if (this.code && !over && blocks[last].type === 'code') this.code.textContent = blocks[last].text
    else {
      for (const node of this.open) node.remove()
      this.caret.remove()
      if (over && this.text.startsWith(over, this.from)) {
        this.box.append(...markdown(over))
        this.from += over.length
      }
      this.open = markdown(this.text.slice(this.from))
      this.code = blocks[last]?.type === 'code' ? this.open.find(node => node.matches?.('.codeblock'))?.querySelector('code') : null
      this.box.append(...this.open)
      const end = this.box.lastElementChild
      ;(end?.matches('p') ? end : this.box).append(this.caret)
    }
    this.ondraw()
    this.due = performance.now() + 8 * (performance.now() - started)
  }
  end() {
    clearTimeout(this.timer)
    if (this.timer) this.draw()
    this.caret.remove()
  }
  /** What is on the page already, where nothing that came later can have changed what came before. */
  of(text) { return text === this.text && !/^ {0,3}\[[^\]]+\]:/m.test(text) && !this.code ? this.box : null }
}
