/* The button with the person, and what it opens. */
import { $, h, icon, meta, say } from './dom.js'
import { ask, close, isOpen, pop } from './floats.js'
import { add, hoursLeft, hueOf, initial, me, nameOf, people, tokenOf } from './people.js'

const LIKE = /^([^@\s]+@[^@\s]+)\s+([A-Za-z0-9][A-Za-z0-9-]*)\s+(admin|user|viewer)$/
const opener = $('#person')
const face = person => h('span.face', { 'aria-hidden': 'true' }, initial(person))
export function paint() {
  const person = me()
  document.documentElement.dataset.tenant = hueOf(person.tenant)
  opener.replaceChildren(face(person), h('span', {}, h('span.vh', {}, 'Person: '), h('b', {}, nameOf(person)), ' ', meta(person.tenant, person.role)), icon('updown'))
}
/** @param become makes somebody the one who calls */
export function start(become) { opener.addEventListener('click', () => (isOpen(opener) ? close() : show(become))); paint() }
function show(become) {
  const choice = person => h('li', {}, h('button', { type: 'button', 'aria-pressed': String(person === me()), onclick: () => become(person) }, face(person),
    h('span', {}, h('b', {}, nameOf(person)), h('br'), meta(person.role, person.role === 'admin' ? `reads all of ${person.tenant}` : 'sees their own'))))
  const groups = [...Map.groupBy(people, person => person.tenant)].map(([tenant, members]) => h('div', { 'data-tenant': hueOf(tenant) }, h('h3', {}, tenant), h('ul', {}, ...members.map(choice))))
  const copy = async () => { await navigator.clipboard.writeText(await tokenOf(me())); close(); say('Copied.') }
  pop(h('div', { role: 'dialog', 'aria-label': 'Person and tenant' }, ...groups, h('hr'), h('p', {}, 'The open conversation stays open when you switch. See what the API tells somebody else.'),
    h('button.item', { type: 'button', onclick: () => { close(); another(become) } }, icon('plus'), 'Add a person…'),
    h('button.item', { type: 'button', onclick: copy }, icon('key'), `Copy ${nameOf(me())}’s token`, h('span.meta.end', {}, hoursLeft(me())))), opener)
}

function another(become) {
  ask({ title: 'Add a person', lines: [['Such as ', h('code', {}, 'bob@example.com acme user'), '. What is missing is made.']], field: 'Email, tenant and role', ok: 'Add', ready: text => LIKE.test(text.trim()), take: text => {
    const [, email, tenant, role] = text.trim().match(LIKE)
    become(add({ email, tenant, role }))
  } })
}
