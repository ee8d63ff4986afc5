/* What is where: the address decides what is open; one timer keeps it in step. */
import { requests, Unanswered } from './api.js'
import { Acts } from './acts.js'
import { Chat } from './chat.js'
import { $, between, button, h, icon, meta, say, wait } from './dom.js'
import { ask, close, isFloating, pop } from './floats.js'
import * as inspect from './inspect.js'
import { List } from './list.js'
import { Migration } from './migration.js'
import * as people from './people.js'

const root = document.documentElement
const POLL = 1500
const AWAY = 8

const app = {
  /** Goes to a conversation, to new, to migration, or to the list of a narrow window. */
  go(place) {
    const keep = place && isInspecting() && innerWidth >= 1100
    history.pushState(null, '', '#' + place + (keep ? '~inspect' : ''))
    return route()
  },
  /** The open conversation has got this address. */
  address(id) {
    history.replaceState(null, '', '#' + id + (isInspecting() ? '~inspect' : ''))
    shown = id
    list.current(id)
  },
  isOpen: id => chat.id === id,
  act: (name, conversation) => acts[name](conversation),
  options: (conversation, anchor) => acts.options(list.get(conversation.id) ?? conversation, anchor),
  seen(conversation) { list.put(conversation) },
  before: () => previous,
  newest: () => app.go(list.order[0] ?? 'new'),
  become,
  poll: () => tick(),

  pane({ body, dock }) {
    const pane = $('#pane')
    const [, , oldBody, oldDock] = pane.children
    if (oldBody !== body) oldBody.replaceWith(body)
    if (oldDock !== dock) oldDock.replaceWith(dock)
    $('#skip').hidden = !$('#message')
  },

  head(title, facts, options) {
    const col = $('#head .col')
    const had = document.activeElement === $('.options', col)
    const h2 = h('h2', { dir: 'auto', title, tabindex: -1 }, title)
    const more = options && h('button.b.bare.square.options', { type: 'button', 'aria-label': 'Options for this conversation', 'aria-haspopup': 'menu', onclick: () => options(more) }, icon('more'))
    col.toggleAttribute('data-wide', shown === 'migration')
    if ($('h2', col).textContent !== title) $('h2', col).replaceWith(h2)
    $('#facts').replaceChildren(...between(facts ?? []))
    $('#does').replaceChildren(...[more].filter(Boolean))
    if (had) more?.focus()
    document.title = title + ' – Conversation History'
  },

  /** Nothing: goes. */
  banner(what) {
    const { symbol = 'warn', text, action, bad } = what ?? {}
    const banner = $('#banner')
    if (banner.dataset.text === (text ?? '')) return
    banner.dataset.text = text ?? ''
    banner.hidden = !what
    banner.className = 'banner' + (bad ? ' bad' : '')
    banner.role = bad ? 'alert' : 'status'
    banner.replaceChildren(...(what ? [h('div.col', {}, icon(symbol), h('p', {}, ...[text].flat()), action && button(action[0], action[1]))] : []))
  },

  /** What an answer that is not the wished one says. */
  answered({ status, json, retryAfter }) {
    if (status === 401) app.expired(() => tick())
    else if (status === 429) countdown(retryAfter || 10, s => ({ symbol: 'clock', bad: true, text: `Limit reached. ${json?.detail ?? ''} You can send again in ${s} seconds.` }), s => chat.composer.set(chat.composer.state, s ? `Kept; can be sent in ${s} s` : ''))
    else if (status === 409) app.banner({ symbol: 'clock', text: 'This message is being answered already, perhaps in another tab. It will appear here.' })
    else if (status === 503 && /migrat/i.test(json?.detail ?? '') && root.dataset.rehearses === 'true') app.banner({ text: 'This works after the migration.', action: ['See the migration', () => app.go('migration')] })
    else if (status >= 500) app.lost(new Unanswered())
    else app.banner({ bad: true, text: json?.detail ?? `The API answered ${status}.` })
  },

  expired(then) {
    const person = people.me()
    app.banner({ symbol: 'key', bad: true, text: `${people.nameOf(person)}’s token has expired. Nothing you typed is lost.`, action: ['Get a new token', async () => {
      people.forgetToken(person)
      app.banner()
      stopped = false
      await then?.()
      tick()
    }] })
    stopped = true
  },

  /** No answer at all: offline, or the API is away. Tries again until there is one. */
  lost(error, then) {
    if (error && !(error instanceof Unanswered)) {
      if (error.status === undefined) throw error
      return app.answered(error)
    }
    if (then) unfinished = then
    if (!navigator.onLine) return offline()
    if (away) return
    countdown(AWAY, s => ({ bad: true, text: ['The API does not answer. Is ', h('code', {}, './mvnw -Plocal'), ` running? The page tries again in ${s} s.`], action: ['Try now', () => { clearInterval(away); back() }] }), s => s || back())
  }
}

const list = new List(app)
const acts = new Acts(app, list)
const chat = new Chat(app)
const migration = new Migration(app)

let shown = null
let previous = null
let away = 0
let unfinished = null
let stopped = false
let polling = null

const isInspecting = () => location.hash.endsWith('~inspect')

/** Shows what the address says. */
async function route() {
  close(false)
  const place = location.hash.slice(1).replace(/~.*/, '')
  root.dataset.pane = isInspecting() && innerWidth < 640 ? 'drawer' : place ? 'place' : 'list'
  $('#drawer').hidden = !isInspecting()
  $('#inspect').setAttribute('aria-expanded', String(isInspecting()))
  inspect.draw()
  $('#migration').toggleAttribute('aria-current', false)
  if (shown === place) return
  shown = place
  migration.leave()
  if (place === 'migration') {
    chat.clear()
    list.current(null)
    $('#migration').setAttribute('aria-current', 'page')
    app.banner()
    await migration.open()
  } else {
    const id = place === 'new' ? '' : place
    list.current(id)
    await chat.open(id, { focus: innerWidth >= 640 })
    if (innerWidth < 640 && id) $('#head h2').focus()
  }
}

/** One look at the list, and at the open conversation where it has changed or stands in no list. */
async function tick() {
  if (stopped || away || !navigator.onLine) return
  if (polling) return polling
  polling = look()
  try {
    await polling
  } finally {
    polling = null
  }
}

async function look() {
  try {
    const answer = await list.poll()
    if (answer.status >= 400) return app.answered(answer)
    const row = list.get(chat.id)
    if (chat.id && (answer.status === 200 || !row)) await chat.poll(row)
  } catch (error) {
    if (error.status !== undefined) app.answered(error)
    else app.lost(error)
  }
}

async function polls() {
  for (;;) {
    await wait(document.hidden ? 4 * POLL : POLL)
    await tick()
  }
}

function countdown(seconds, words, each) {
  clearInterval(away)
  let left = seconds
  const tell = () => {
    if (left <= 0) {
      clearInterval(away)
      away = 0
      app.banner()
    } else app.banner(words(left))
    each(left--)
  }
  away = setInterval(tell, 1000)
  tell()
}

async function back() {
  away = 0
  app.banner()
  const then = unfinished
  unfinished = null
  chat.composer.set(chat.composer.state, '')
  if (then) await then()
  await tick()
}

function offline() {
  app.banner({ symbol: 'off', text: 'You are offline. What you write is kept; send it when you are back.' })
  chat.composer.set(chat.composer.state, 'Offline. Kept on this device')
}

// Person

function paintPerson() {
  const person = people.me()
  root.dataset.tenant = people.hueOf(person.tenant)
  $('#person').replaceChildren(h('span.face', { 'aria-hidden': 'true' }, people.initial(person)),
    h('span', {}, h('span.vh', {}, 'Person: '), h('b', {}, people.nameOf(person)), ' ', meta(person.tenant, person.role)), icon('updown'))
}

/** The address stays: what was open is asked for again as somebody else. */
async function become(person) {
  close(false)
  if (person !== people.me()) previous = people.me()
  people.become(person)
  paintPerson()
  stopped = false
  list.reset()
  chat.clear()
  shown = null
  app.banner()
  await Promise.all([route(), tick()])
  $('#person').focus()
  say(`Now ${people.nameOf(person)} of ${person.tenant}. ${list.summary()}.`)
}

function showPeople() {
  const tenants = Map.groupBy(people.people, person => person.tenant)
  const groups = [...tenants].map(([tenant, members]) => h('div', { 'data-tenant': people.hueOf(tenant) }, h('h3', {}, tenant), h('ul', {}, ...members.map(person =>
    h('li', {}, h('button', { type: 'button', 'aria-pressed': String(person === people.me()), onclick: () => become(person) }, h('span.face', { 'aria-hidden': 'true' }, people.initial(person)),
      h('span', {}, h('b', {}, people.nameOf(person)), h('br'), meta(person.role, person.role === 'admin' ? `reads all of ${tenant}` : 'sees their own'))))))))
  const me = people.me()
  pop(h('div', { role: 'dialog', 'aria-label': 'Person and tenant' }, ...groups, h('hr'), h('p', {}, 'The open conversation stays open when you switch. See what the API tells somebody else.'),
    h('button.item', { type: 'button', onclick: () => { close(); addPerson() } }, icon('plus'), 'Add a person…'),
    h('button.item', { type: 'button', onclick: async () => { await navigator.clipboard.writeText(await people.tokenOf(me)); close(); say('Copied.') } }, icon('key'), `Copy ${people.nameOf(me)}’s token`, h('span.meta.end', {}, people.hoursLeft(me) ?? ''))), $('#person'))
}

function addPerson() {
  const pattern = /^([^@\s]+@[^@\s]+)\s+([A-Za-z0-9][A-Za-z0-9-]*)\s+(admin|user|viewer)$/
  ask({ title: 'Add a person', lines: [['Email, tenant and role, such as ', h('code', {}, 'bob@example.com acme user'), '. What is missing is made.']],
    field: { text: 'Email, tenant, role', words: ['Email, tenant, role'] }, ok: 'Add', ready: text => pattern.test(text.trim()), take: text => {
      const [, email, tenant, role] = text.trim().match(pattern)
      become(people.add({ email, tenant, role }))
    } })
}

// Theme, keys

const THEMES = [['as the system', 'light dark'], ['light', 'light'], ['dark', 'dark']]

function theme(turn) {
  const at = (Number(localStorage.getItem('theme') ?? 0) + turn) % 3
  localStorage.setItem('theme', at)
  root.style.colorScheme = THEMES[at][1]
  $('#theme').setAttribute('aria-label', 'Theme: ' + THEMES[at][0])
  $('#theme').title = 'Theme: ' + THEMES[at][0]
}

const KEYS = [['Enter', 'sends'], ['Shift Enter', 'starts a new line'], ['Esc', 'stops the answer; closes a menu, a dialog, Inspect'], ['↑ in an empty box', 'edits the last question'], ['Ctrl K', 'filter'], ['Ctrl Shift O', 'new conversation'], ['Ctrl .', 'Inspect'],
  ['↑ ↓ Home End in the list', 'move'], ['F2, E, L, Del in the list', 'rename, archive, labels, delete'], ['Shift F10 in the list', 'options'], ['Alt ↑, Alt ↓', 'previous, next conversation']]

function showKeys() {
  ask({ title: 'Keyboard', ok: 'Close', body: [h('dl.keytable', {}, ...KEYS.flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)]))] })
}

function pressed(event) {
  const command = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  if (event.key === 'Escape' && isInspecting() && !isFloating() && !event.defaultPrevented && !event.target.matches('textarea, input')) toggleInspect()
  else if (command && key === 'k') $('#filter').focus()
  else if (command && event.shiftKey && key === 'o') app.go('new')
  else if (command && key === '.') toggleInspect()
  else if (event.altKey && (key === 'arrowup' || key === 'arrowdown')) {
    const id = list.neighbour(key === 'arrowup' ? -1 : 1)
    if (id) app.go(id)
  } else return
  event.preventDefault()
}

function toggleInspect() {
  const place = location.hash.slice(1).replace(/~.*/, '')
  const open = !isInspecting()
  history.pushState(null, '', '#' + place + (open ? '~inspect' : ''))
  route()
  if (open) ($('#requests summary') ?? $('#shut')).focus()
  else $('#inspect').focus()
}

function start() {
  $('#pane').append(
    h('header.head', { id: 'head' }, h('div.col', {},
      h('button.b.bare.square.back', { type: 'button', 'aria-label': 'All conversations', onclick: () => app.go('') }, icon('left')),
      h('div', {}, h('h2', {}, 'New conversation'), h('p.meta', { id: 'facts' })),
      h('button.b.bare.tight', { type: 'button', id: 'inspect', 'aria-label': 'Inspect', 'aria-expanded': 'false', onclick: toggleInspect }, icon('tool'), h('span.t', {}, 'Inspect')),
      h('span', { id: 'does' }))),
    h('div.banner', { id: 'banner', hidden: true, 'data-text': '' }), h('div.log'), h('div'))
  theme(0)
  paintPerson()
  inspect.start()
  $('#person').addEventListener('click', () => ($('#person').getAttribute('aria-expanded') === 'true' ? close() : showPeople()))
  $('#new').addEventListener('click', () => app.go('new'))
  $('#theme').addEventListener('click', () => theme(1))
  $('#keys').addEventListener('click', showKeys)
  $('#shut').addEventListener('click', toggleInspect)
  $('#skip').addEventListener('click', event => { event.preventDefault(); chat.composer.focus() })
  $('#migration').addEventListener('click', event => { event.preventDefault(); app.go('migration') })
  addEventListener('keydown', pressed)
  addEventListener('popstate', route)
  addEventListener('offline', offline)
  addEventListener('online', () => { clearInterval(away); back() })
  document.addEventListener('visibilitychange', () => document.hidden || tick())
  Promise.all([route(), tick()])
  polls()
  setInterval(() => list.loaded && list.render(), 60_000)
  if (!navigator.onLine) offline()
}

start()

export { requests }
