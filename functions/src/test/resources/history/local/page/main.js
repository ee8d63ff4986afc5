/* What is where: the address decides what is open; one timer keeps it in step. */
import { Acts } from './acts.js'
import { Unanswered } from './api.js'
import { Chat } from './chat.js'
import { $, between, h, icon, say, wait } from './dom.js'
import { ask, close, isFloating } from './floats.js'
import * as inspect from './inspect.js'
import { List } from './list.js'
import { Migration } from './migration.js'
import { Notices } from './notices.js'
import * as people from './people.js'
import * as person from './person.js'

const root = document.documentElement
const POLL = 1500
const THEMES = [['as the system', 'light dark'], ['light', 'light'], ['dark', 'dark']]
const KEYS = [['Enter', 'sends'], ['Shift Enter', 'starts a new line'], ['Esc', 'stops the answer; closes a menu, a dialog, Inspect'], ['↑ in an empty box', 'edits the last question'], ['Ctrl K', 'filter'],
  ['Ctrl Shift O', 'new conversation'], ['Ctrl .', 'Inspect'], ['↑ ↓ Home End in the list', 'move'], ['F2, E, L, Del in the list', 'rename, archive, labels, delete'], ['Shift F10 in the list', 'options'], ['Alt ↑, Alt ↓', 'previous, next conversation']]
const isInspecting = () => location.hash.endsWith('~inspect')
const place = () => location.hash.slice(1).replace(/~.*/, '')
const isNarrow = () => innerWidth < 640
let [shown, previous, polling] = [null, null, null]
const app = {
  /** Goes to a conversation, to new, to migration, or to the list of a narrow window. */
  go(to) { history.pushState(null, '', '#' + to + (to && isInspecting() && innerWidth >= 1100 ? '~inspect' : '')); return route() },
  /** The open conversation has got this address. */
  address(id) { history.replaceState(null, '', '#' + id + (isInspecting() ? '~inspect' : '')); shown = id; list.current(id) },
  isOpen: id => chat.id === id,
  act: (name, conversation) => acts[name](conversation),
  options: (conversation, anchor) => acts.options(list.get(conversation.id) ?? conversation, anchor),
  seen: conversation => list.put(conversation),
  before: () => previous,
  newest: () => app.go(list.order[0] ?? 'new'),
  isMigrating: problem => root.dataset.rehearses === 'true' && /migrat/i.test(problem?.detail ?? ''),
  become,
  poll: tick,
  composer: () => chat.composer,
  banner: what => (what ? notices.show(what) : notices.clear()),
  answered: answer => notices.answered(answer),
  expired: then => notices.expired(then),
  lost: (error, then) => notices.lost(error, then),
  pane(body, dock) {
    const [, , oldBody, oldDock] = $('#pane').children
    if (oldBody !== body) oldBody.replaceWith(body)
    if (oldDock !== dock) oldDock.replaceWith(dock)
  },
  head(title, facts = [], options) {
    const h2 = $('#head h2')
    const had = document.activeElement?.matches('.options')
    const more = options && h('button.b.bare.square.options', { type: 'button', 'aria-label': 'Options for this conversation', 'aria-haspopup': 'menu', onclick: () => options(more) }, icon('more'))
    h2.textContent = h2.title = title
    document.title = title + ' – Conversation History'
    $('#head .col').toggleAttribute('data-wide', shown === 'migration')
    $('#facts').replaceChildren(...between(facts))
    app.does([more].filter(Boolean))
    if (had) more?.focus()
  },
  /** Buttons of the head; those that are there already stay. */
  does(buttons) {
    const text = list => [...list].map(each => each.textContent + each.getAttribute('aria-label')).join()
    if (shown !== 'migration' || text(buttons) !== text($('#does').children)) $('#does').replaceChildren(...buttons)
  }
}

$('#pane').append(h('header.head', { id: 'head' }, h('div.col', {},
  h('button.b.bare.square.back', { type: 'button', 'aria-label': 'All conversations', onclick: () => app.go('') }, icon('left')),
  h('div', {}, h('h2', { dir: 'auto', tabindex: -1 }), h('p.meta', { id: 'facts' })),
  h('button.b.bare.tight', { type: 'button', id: 'inspect', 'aria-label': 'Inspect', 'aria-expanded': 'false', onclick: toggleInspect }, icon('tool'), h('span.t', {}, 'Inspect')), h('span', { id: 'does' }))),
h('div.banner', { id: 'banner', hidden: true }), h('div.log'), h('div'))

const list = new List(app)
const acts = new Acts(app, list)
const chat = new Chat(app)
const migration = new Migration(app)
const notices = new Notices(app)
/** Shows what the address says. */
async function route() {
  close(false)
  root.dataset.pane = isInspecting() && isNarrow() ? 'drawer' : place() ? 'place' : 'list'
  $('#drawer').hidden = !isInspecting()
  $('#inspect').setAttribute('aria-expanded', String(isInspecting()))
  inspect.draw()
  if (shown === place()) return
  shown = place()
  const isMigration = shown === 'migration'
  const id = isMigration || shown === 'new' ? '' : shown
  if (isMigration) $('#migration').setAttribute('aria-current', 'page')
  else $('#migration').removeAttribute('aria-current')
  notices.clear()
  migration.leave()
  list.current(id)
  if (isMigration) chat.clear()
  await (isMigration ? migration.open() : chat.open(id, !isNarrow() && document.activeElement !== $('#person')))
  if (isNarrow() && id) $('#head h2').focus()
}
/** One look at the list, and at the open conversation where it has changed or stands in no list. */
function tick() {
  if (notices.resting || !navigator.onLine) return
  polling ??= look().catch(error => notices.lost(error)).finally(() => (polling = null))
  return polling
}

async function look() {
  const answer = await list.poll()
  const row = list.get(chat.id)
  if (answer.status >= 400) notices.answered(answer)
  else if (chat.id && (answer.status === 200 || !row)) await chat.poll(row)
}

async function polls() {
  for (;;) {
    await wait(document.hidden ? 4 * POLL : POLL)
    await tick()
  }
}
/** The address stays: what was open is asked for again as somebody else. */
async function become(next) {
  close(false)
  if (next !== people.me()) previous = people.me()
  people.become(next)
  person.paint()
  list.reset()
  shown = polling = null
  $('#person').focus()
  await Promise.all([route(), tick()])
  say(`Now ${people.nameOf(next)} of ${next.tenant}. ${list.summary()}.`)
}

function theme(turn) {
  const at = (Number(localStorage.getItem('theme')) + turn) % 3
  localStorage.setItem('theme', at)
  root.style.colorScheme = THEMES[at][1]
  $('#theme').title = 'Theme: ' + THEMES[at][0]
  $('#theme').setAttribute('aria-label', $('#theme').title)
}

function toggleInspect() {
  history.pushState(null, '', '#' + place() + (isInspecting() ? '' : '~inspect'))
  route()
  ;(isInspecting() ? ($('#requests summary') ?? $('#shut')) : $('#inspect')).focus()
}

function pressed(event) {
  const command = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  const step = event.altKey && { arrowup: -1, arrowdown: 1 }[key]
  const near = step && list.neighbour(step)
  if (key === 'escape' && isInspecting() && !isFloating() && !event.target.matches('textarea, input')) toggleInspect()
  else if (command && key === 'k') $('#filter').focus()
  else if (command && event.shiftKey && key === 'o') app.go('new')
  else if (command && key === '.') toggleInspect()
  else if (near) app.go(near)
  else return
  event.preventDefault()
}

const showKeys = () => ask({ title: 'Keyboard', ok: 'Close', body: [h('dl.keytable', {}, ...KEYS.flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)]))] })
const clicks = { new: () => app.go('new'), theme: () => theme(1), shut: toggleInspect, skip: () => chat.composer.focus(), migration: () => app.go('migration'), keys: showKeys }
for (const [id, act] of Object.entries(clicks)) $('#' + id).addEventListener('click', event => { event.preventDefault(); act() })
addEventListener('keydown', pressed)
addEventListener('popstate', route)
addEventListener('unhandledrejection', event => { if (event.reason instanceof Unanswered) { event.preventDefault(); notices.lost(event.reason) } })
document.addEventListener('visibilitychange', () => document.hidden || tick())
theme(0)
person.start(become)
inspect.start()
route()
tick()
polls()
setInterval(() => list.render(), 60_000)
