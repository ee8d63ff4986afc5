/* Who is calling. Names are kept on this device, tokens in memory only. */
import { call } from './api.js'

const FIRST = [['ada', 'demo', 'user'], ['admin', 'demo', 'admin'], ['bob', 'other', 'user']].map(([name, tenant, role]) => ({ email: name + '@example.com', tenant, role }))
const tokens = new Map()
export const people = JSON.parse(localStorage.getItem('people')) ?? FIRST
export const idOf = person => person.email + ' ' + person.tenant
const keep = () => localStorage.setItem('people', JSON.stringify(people))
let now = people.find(person => idOf(person) === (sessionStorage.getItem('person') ?? localStorage.getItem('person'))) ?? people[0]; become(now)
export const me = () => now
export function become(person) { now = person; for (const kept of [sessionStorage, localStorage]) kept.setItem('person', idOf(person)) }
export function add(person) {
  const known = people.find(each => idOf(each) === idOf(person))
  if (known) known.role = person.role
  else people.push(person)
  tokens.delete(idOf(person))
  keep()
  return known ?? person
}
/** "ada@example.com" is Ada. */
export const nameOf = person => person.email.replace(/@.*/, '').replace(/[._-]+/g, ' ').replace(/(^|\s)\S/g, letter => letter.toUpperCase())
export const initial = person => nameOf(person).slice(0, 1)
export const ownerOf = conversation => people.find(person => person.user_id === conversation.user_id)
/** The name of a tenant that one of the people works at, else the beginning of its id. */
export const tenantName = id => people.find(person => person.tenant_id === id)?.tenant ?? id.slice(0, 8)
/** Which of the five colours: tenants take the next one as they come. */
export function hueOf(tenant) {
  const tenants = [...new Set(people.map(person => person.tenant))]
  const place = tenants.indexOf(tenant)
  return (place < 0 ? tenants.length : place) % 5
}
/** A token that was asked for before, or a new one. Asking makes the person where there is none. */
export function tokenOf(person) {
  const id = idOf(person)
  if (!tokens.has(id)) {
    const asked = login(person)
    tokens.set(id, { asked })
    asked.catch(() => tokens.delete(id))
  }
  return tokens.get(id).asked
}

async function login(person) {
  const { email, tenant, role } = person
  const answer = await call('POST', '/local/token', { body: { email, tenant, role }, person, anonymous: true })
  if (answer.status !== 200) throw answer
  Object.assign(person, { user_id: answer.json.user_id, tenant_id: answer.json.tenant_id })
  keep()
  tokens.get(idOf(person)).until = Date.now() + answer.json.expires_in * 1000
  return answer.json.access_token
}

export const forgetToken = person => tokens.delete(idOf(person))
export function hoursLeft(person) { const until = tokens.get(idOf(person))?.until; return until ? Math.max(0, Math.floor((until - Date.now()) / 3_600_000)) + ' h left' : '' }
