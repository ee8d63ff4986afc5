/* A conversation as the API tells it: in its own form for seq and versions, as UI messages for the parts. */
import { call } from './api.js'

export const pathOf = id => '/api/conversations/' + encodeURIComponent(id)
let limitedUntil = 0
/**
 * The conversation, or the answer that there is none: {answer} with a status that is not 200, {same: true} when nothing has
 * changed since etag.
 */
export async function load(id, etag, before) {
  const older = before ? '&before=' + before : ''
  const ui = call('GET', `${pathOf(id)}?format=ui-messages&limit=200${older}`, { headers: etag ? { 'If-None-Match': etag } : {} })
  const own = async () => {
    const path = `${pathOf(id)}?limit=600${older}`
    const all = Date.now() > limitedUntil && (await call('GET', path + '&include=failed,replaced'))
    if (all && all.status !== 503) return all
    // Before the migration there is nothing replaced; it is asked for again later, in case it has begun.
    const some = await call('GET', path)
    if (some.status === 200) limitedUntil = Date.now() + 15_000
    return some
  }
  // A poll asks for the second only when the first has changed.
  const [first, early] = etag ? [await ui] : await Promise.all([ui, own()])
  if (first.status === 304) return { same: true }
  if (first.status !== 200) return { answer: first }
  const second = early ?? (await own())
  if (second.status !== 200) return { answer: second }
  const parts = first.json.messages
  // Nothing from before the first message whose parts are here.
  const shown = second.json.messages.filter(row => !('replaced_by' in row.metadata)).slice(first.link ? -parts.length : 0)
  const rows = first.link ? second.json.messages.filter(row => row.seq >= shown[0]?.seq) : second.json.messages
  shown.forEach((row, i) => { const part = parts[parts.length - shown.length + i]; row.parts = part?.parts.length ? part.parts : [{ type: 'text', text: row.content }] })
  const { messages: _, ...conversation } = second.json
  // Two requests see two moments where somebody writes between them; the next poll brings the later one.
  return { conversation, shown, rows, etag: first.json.revision === conversation.revision ? first.etag : 'none', older: (first.link ?? second.link) != null }
}
/** Earlier texts of a question, oldest first, each with what followed it then. */
export function versionsOf(question, rows) {
  const versions = rows.filter(row => row.role === 'user' && row.metadata.replaced_by === question.id && row.created_at === question.created_at)
  let from = question.seq
  return versions.map(version => {
    const then = rows.filter(row => row.seq > from && row.seq < version.seq)
    from = version.seq
    return { message: version, followed: atLast(then) }
  })
}
/** What was shown last of these rows: no earlier text of a question, and of several answers the newest. */
function atLast(rows) {
  const shown = []
  for (const row of rows) {
    if (row.role === 'user' && shown.some(other => other.role === 'user' && other.created_at === row.created_at)) continue
    if (row.role === 'assistant' && shown.at(-1)?.role === 'assistant') shown.pop()
    shown.push(row)
  }
  return shown
}
/** Answers that another one took the place of, oldest first. */
export function answersBefore(answer, question, rows) {
  const last = Math.max(question.seq, ...versionsOf(question, rows).map(version => version.message.seq))
  return rows.filter(row => row.role === 'assistant' && row.seq > last && row.seq < answer.seq && row.metadata.replaced_by === answer.id && row.content).map(message => ({ message }))
}
