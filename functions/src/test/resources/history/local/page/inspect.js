/* The drawer with the last requests. */
import { curlOf, requests, watchers } from './api.js'
import { $, codeblock, h } from './dom.js'
import { hueOf, initial } from './people.js'

const box = $('#requests')
const opened = new Set()
let due = 0
/** Ids are shortened in the middle. */
const short = path => path.replace(/([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f-]{23}([0-9a-f]{4})/g, '$1…$2')
const seconds = ms => (ms == null ? '…' : ms < 1000 ? Math.round(ms) + ' ms' : (ms / 1000).toFixed(2) + ' s')
export function start() {
  watchers.add(() => (due ||= setTimeout(draw, 150)))
  $('#fold').addEventListener('change', draw)
  $('#clear').addEventListener('click', () => { requests.length = 0; draw() })
  box.addEventListener('pointerleave', draw)
}
/** Nothing moves while the pointer is in the list. */
export function draw() {
  due = 0
  if ($('#drawer').hidden || box.matches(':hover')) return
  const shown = []
  for (const entry of requests) {
    const before = shown.at(-1)
    if ($('#fold').checked && entry.status === 304 && before?.status === 304 && before.path === entry.path && before.person === entry.person) before.times++
    else shown.push(Object.assign(entry, { times: 1 }))
  }
  const focused = document.activeElement?.closest?.('#requests details')?.dataset.at
  box.replaceChildren(...(shown.length ? shown.map(line) : [h('p.none', {}, 'No requests yet.')]))
  if (focused) $('summary', [...box.children].find(each => each.dataset.at === focused) ?? box)?.focus({ preventScroll: true })
}

function line(entry) {
  const at = String(entry.started)
  const details = h('details', { 'data-at': at, open: opened.has(at), ontoggle: () => {
    if (!details.open) return opened.delete(at)
    opened.add(at)
    if (details.childElementCount === 1) details.append(...facts(entry))
  } }, h('summary', {},
    h('span.mini', { 'data-tenant': hueOf(entry.person.tenant), 'aria-hidden': 'true' }, initial(entry.person)), h('b', {}, entry.method),
    h('span.path', { title: entry.path }, short(entry.path)), entry.times > 1 && h('span.fold', {}, '× ' + entry.times),
    h('span.code' + (entry.status >= 400 || (entry.status === 0 && entry.ms) ? '.bad' : ''), {}, entry.status || (entry.ms ? 'none' : '…')), h('span.ms', {}, seconds(entry.ms))))
  if (opened.has(at)) details.append(...facts(entry))
  return details
}

function facts(entry) {
  const { problem } = entry
  const list = { at: entry.at.toISOString().slice(11, 23), request_id: problem?.request_id ?? entry.requestId, etag: entry.etag ?? 'none',
    type: entry.type && entry.type + (entry.events ? `, ${entry.events} events` : ''), 'first event': entry.first && seconds(entry.first),
    title: problem?.title, detail: problem?.detail, errors: problem?.errors && JSON.stringify(problem.errors) }
  return [h('dl.facts', {}, ...Object.entries(list).filter(([, value]) => value).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    codeblock('curl', curlOf(entry), 'curl of this request')]
}
