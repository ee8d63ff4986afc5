/* Elements, words and times. */

export const $ = (selector, root = document) => root.querySelector(selector)

/** An element: its name with classes, attributes (on… listen), children; texts stay texts. */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.')
  const element = document.createElement(tag)
  if (classes.length) element.className = classes.join(' ')
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.flat().filter(child => child != null && child !== false))
  return element
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'i')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', '#i-' + name)
  svg.append(use)
  return svg
}

/** A line of what the server says, with slashes between. */
export function meta(...texts) {
  return h('span.meta', {}, between(texts))
}

export const between = texts => texts.filter(Boolean).flatMap((text, i) => (i ? [h('i', {}, '/'), text] : [text]))

export const word = (text, onclick, attributes = {}) => h('button.word', { type: 'button', onclick, ...attributes }, text)

export const button = (text, onclick, kind = '', attributes = {}) =>
  h('button.b' + (kind && '.' + kind), { type: 'button', onclick, ...attributes }, text)

/** Says it to those who do not see the page. */
export function say(text) {
  const said = $('#said')
  said.textContent = said.textContent === text ? text + '\u00a0' : text
}

/** A button whose text is copied by a click says so for two seconds. */
export function copyWord(text) {
  const copy = word('Copy', async () => {
    await navigator.clipboard.writeText(text())
    copy.textContent = 'Copied'
    say('Copied.')
    setTimeout(() => (copy.textContent = 'Copy'), 2000)
  })
  return copy
}

export function codeblock(language, text, name) {
  return h('div.codeblock', {},
    h('div', {}, h('span.meta', {}, language || 'text'), copyWord(() => text)),
    h('pre', { tabindex: 0, role: 'region', dir: 'ltr', 'aria-label': name }, h('code', {}, text)))
}

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR
const in_ = options => new Intl.DateTimeFormat('en-GB', options)
const CLOCK = in_({ hour: '2-digit', minute: '2-digit' })
const WEEKDAY = in_({ weekday: 'short' })
const DATE = in_({ day: 'numeric', month: 'short' })
const MONTH = in_({ month: 'long' })
const FULL = in_({ dateStyle: 'full', timeStyle: 'medium' })

export const clock = time => CLOCK.format(new Date(time))
export const fullTime = time => FULL.format(new Date(time))

/** "now", "2 min", "3 h", 14:01 today and yesterday, then days. */
export function shortTime(time, now = Date.now()) {
  const then = new Date(time)
  const past = now - then
  if (past < MINUTE) return 'now'
  if (past < HOUR) return Math.floor(past / MINUTE) + ' min'
  const days = daysAgo(then, now)
  if (past < 4 * HOUR && days === 0) return Math.floor(past / HOUR) + ' h'
  if (days < 2) return CLOCK.format(then)
  if (days < 7) return WEEKDAY.format(then)
  return then.getFullYear() === new Date(now).getFullYear() ? DATE.format(then) : then.toISOString().slice(0, 10)
}

export function dayOf(time, now = Date.now()) {
  const then = new Date(time)
  const days = daysAgo(then, now)
  if (days < 1) return 'Today'
  if (days < 2) return 'Yesterday'
  if (days < 7) return 'Last seven days'
  const year = then.getFullYear()
  return MONTH.format(then) + (year === new Date(now).getFullYear() ? '' : ' ' + year)
}

const daysAgo = (then, now) => Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / DAY)

export const count = (n, one, many = one + 's') => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

export const wait = ms => new Promise(done => setTimeout(done, ms))
