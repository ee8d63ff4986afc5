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
/** One of the symbols of index.html. */
export function icon(name) {
  const [svg, use] = ['svg', 'use'].map(each => document.createElementNS('http://www.w3.org/2000/svg', each))
  svg.setAttribute('class', 'i')
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', '#i-' + name)
  svg.append(use)
  return svg
}
/** A line of what the server says, with slashes between. */
export const meta = (...texts) => h('span.meta', {}, between(texts))
export const between = texts => texts.filter(Boolean).flatMap((text, i) => (i ? [h('i', {}, '/'), text] : [text]))
export const word = (text, onclick, attributes = {}) => h('button.word', { type: 'button', onclick, ...attributes }, text)
export const button = (text, onclick, kind = '') => h('button.b' + (kind && '.' + kind), { type: 'button', onclick }, text)
/** Says it to those who do not see the page. */
export function say(text) { const said = $('#said'); said.textContent = said.textContent === text ? text + '\u00a0' : text }
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

const MINUTE = 60_000
const [CLOCK, WEEKDAY, DATE, MONTH, FULL] = [{ hour: '2-digit', minute: '2-digit' }, { weekday: 'short' }, { day: 'numeric', month: 'short' }, { month: 'long' }, { dateStyle: 'full', timeStyle: 'medium' }]
  .map(options => new Intl.DateTimeFormat('en-GB', options))
const midnight = time => new Date(time).setHours(0, 0, 0, 0)
const daysAgo = (then, now) => Math.round((midnight(now) - midnight(then)) / (1440 * MINUTE))
const isThisYear = (then, now) => then.getFullYear() === new Date(now).getFullYear()
export const clock = time => CLOCK.format(new Date(time))
export const fullTime = time => FULL.format(new Date(time))
/** "now", "2 min", "3 h", 14:01 today and yesterday, then days. */
export function shortTime(time, now) {
  const then = new Date(time)
  const minutes = Math.floor((now - then) / MINUTE)
  const days = daysAgo(then, now)
  if (minutes < 1) return 'now'
  if (minutes < 60) return minutes + ' min'
  if (minutes < 240 && days === 0) return Math.floor(minutes / 60) + ' h'
  if (days < 2) return CLOCK.format(then)
  if (days < 7) return WEEKDAY.format(then)
  return isThisYear(then, now) ? DATE.format(then) : then.toISOString().slice(0, 10)
}

export function dayOf(time, now) {
  const then = new Date(time)
  const days = daysAgo(then, now)
  if (days < 7) return days < 1 ? 'Today' : days < 2 ? 'Yesterday' : 'Last seven days'
  return MONTH.format(then) + (isThisYear(then, now) ? '' : ' ' + then.getFullYear())
}

export const count = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`
export const wait = ms => new Promise(done => setTimeout(done, ms))
