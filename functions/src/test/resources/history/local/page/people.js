/* Who is calling. Names are kept on this device, tokens in memory only. */
import { call } from './api.js'

const KEY = 'people'
const FIRST = [
  { email: 'ada@example.com', tenant: 'demo', role: 'user' },
  { email: 'admin@example.com', tenant: 'demo', role: 'admin' },
  { email: 'bob@example.com', tenant: 'other', role: 'user' }
]
const tokens = new Map()
const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null')
export const people = kept?.length ? kept : FIRST

let now = people.find(person => idOf(person) === localStorage.getItem('person')) ?? people[0]

export const me = () => now

export function become(person) {
  now = person
  localStorage.setItem('person', idOf(person))
}

export function idOf(person) {
  return person.email + ' ' + person.tenant
}

export function add(person) {
  const known = people.find(each => idOf(each) === idOf(person))
  if (known) known.role = person.role
  else people.push(person)
  tokens.delete(idOf(person))
  keep()
  return known ?? person
}

const keep = () => localStorage.setItem(KEY, JSON.stringify(people))

/** "ada@example.com" is Ada. */
export function nameOf(person) {
  const name = person.email.replace(/@.*/, '').replace(/[._-]+/g, ' ')
  return name.replace(/(^|\s)\S/g, letter => letter.toUpperCase())
}

export const initial = person => nameOf(person).slice(0, 1)

/** Which of the five colours: tenants take the next one as they come. */
export function hueOf(tenant) {
  const tenants = [...new Set(people.map(person => person.tenant))]
  const place = tenants.indexOf(tenant)
  return (place < 0 ? tenants.length : place) % 5
}

export const ownerOf = conversation => people.find(person => person.user_id === conversation.user_id)

/** The name of a tenant that one of the people works at, else the beginning of its id. */
export function tenantName(id) {
  return people.find(person => person.tenant_id === id)?.tenant ?? id.slice(0, 8)
}

/** A token that was asked for before, or a new one. Asking makes the person where there is none. */
export async function tokenOf(person) {
  const known = tokens.get(idOf(person))
  if (known) return known.token
  const { email, tenant, role } = person
  const answer = await call('POST', '/local/token', { body: { email, tenant, role }, person, anonymous: true })
  if (answer.status !== 200) throw answer
  Object.assign(person, { user_id: answer.json.user_id, tenant_id: answer.json.tenant_id })
  keep()
  tokens.set(idOf(person), { token: answer.json.access_token, until: Date.now() + answer.json.expires_in * 1000 })
  return answer.json.access_token
}

export const forgetToken = person => tokens.delete(idOf(person))

/** Hours that are left, or nothing. */
export function hoursLeft(person) {
  const known = tokens.get(idOf(person))
  return known && Math.max(0, Math.floor((known.until - Date.now()) / 3_600_000)) + ' h left'
}
