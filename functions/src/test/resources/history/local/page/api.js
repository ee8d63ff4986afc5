/* Requests: sent as somebody, remembered for Inspect. */
import { forgetToken, me, tokenOf } from './people.js'
/** The newest first; main.js shows them. */
export const requests = []
export const watchers = new Set()
const KEPT = 200
/** A request that was never answered: status 0. */
export class Unanswered extends Error {}
/**
 * What was answered: status, json (undefined without a body), etag, next (of Link), retryAfter, response.
 * A problem is an answer like any other; only silence is thrown.
 */
export async function call(method, path, options = {}) {
  const { body, headers = {}, person = me(), anonymous, keepalive, signal, stream } = options
  const sent = { ...headers }
  if (!anonymous) sent.Authorization = 'Bearer ' + (await tokenOf(person))
  if (body !== undefined) sent['Content-Type'] = 'application/json'
  const entry = remember({ at: new Date(), person, method, path, headers: sent, body, status: 0, started: performance.now() })
  try {
    const response = await fetch(path, { method, headers: sent, body: body && JSON.stringify(body), keepalive, signal, cache: 'no-store' })
    const [etag, type, requestId, link, retry] = ['etag', 'content-type', 'x-request-id', 'link', 'retry-after'].map(name => response.headers.get(name))
    Object.assign(entry, { status: response.status, etag, type, requestId })
    const isStream = stream && entry.type?.startsWith('text/event-stream')
    const text = isStream ? '' : await response.text()
    const json = text && /json/.test(entry.type ?? '') ? JSON.parse(text) : undefined
    if (response.status >= 400) entry.problem = json
    ended(entry)
    if (response.status === 401 && !anonymous) forgetToken(person)
    return { status: response.status, json, etag, link: link?.match(/<([^>]+)>;\s*rel="(?:next|prev)"/)?.[1], retryAfter: Number(retry), response, entry }
  } catch (error) {
    ended(entry)
    if (error.name === 'AbortError') throw error
    throw new Unanswered(error.message)
  }
}
/** The JSON of each event, as it comes. */
export async function* events({ response, entry }) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  entry.events = 0
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + piece.value).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
        entry.first ??= performance.now() - entry.started
        entry.events++
        yield JSON.parse(line.slice(6))
      }
    }
  } finally {
    ended(entry)
    reader.cancel().catch(() => {})
  }
}
/** The same request for a shell; the token stays a variable. */
export function curlOf({ method, path, headers, body, person }) {
  const quote = text => "'" + text.replaceAll("'", "'\\''") + "'"
  const lines = [(headers.Accept ? 'curl -sN ' : 'curl -i ') + (method === 'GET' || method === 'POST' ? '' : `-X ${method} `) + quoteUrl(location.host + path)]
  for (const [name, value] of Object.entries(headers)) {
    lines.push(name === 'Authorization'
      ? `-H "Authorization: Bearer $${person.email.replace(/@.*/, '').replace(/\W/g, '_').toUpperCase()}"`
      : '-H ' + quote(`${name}: ${value}`))
  }
  if (body !== undefined) lines.push('-d ' + quote(JSON.stringify(body)))
  else if (method === 'POST') lines.push('-X POST')
  return lines.join(' \\\n  ')
}

const quoteUrl = url => (/[?&\[]/.test(url) ? `'${url}'` : url)
function remember(entry) { requests.unshift(entry); requests.length = Math.min(KEPT, requests.length); return entry }
function ended(entry) {
  entry.ms = performance.now() - entry.started
  for (const watcher of watchers) watcher()
}
