/* One message as it is shown. */
import { between, button, clock, codeblock, copyWord, fullTime, h, icon, meta, word } from './dom.js'
import { markdown } from './markdown.js'

const inline = text => text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 ? h('code', {}, part) : part))
/** A question as it was typed, in paragraphs of their own direction; only code is set as code. */
export const typed = text => text.split(/^```(\w*)\n([\s\S]*?)\n?```$/m).flatMap((part, i, parts) => {
  if (i % 3 === 1) return []
  if (i % 3 === 2) return [codeblock(parts[i - 1], part, 'Code, ' + (parts[i - 1] || 'text'))]
  return part.split(/\n{2,}/).filter(paragraph => paragraph.trim()).map(paragraph => h('p.typed', { dir: 'auto' }, ...inline(paragraph.replace(/^\n|\n$/g, ''))))
})

const partsOf = message => message.parts ?? [{ type: 'text', text: message.content }]
export const textOf = message => partsOf(message).filter(part => part.type === 'text').map(part => part.text).join('\n\n') || message.content

function partView(part, isAnswer) {
  if (part.type === 'text') return isAnswer ? markdown(part.text) : typed(part.text)
  if (part.type === 'step-start') return []
  if (part.type === 'reasoning') return [details('tool', 'Reasoning', '', part.text)]
  if (part.type === 'file') return [file(part)]
  if (part.type === 'source-url' || part.type === 'source-document') return [h('p', {}, meta('source'), ' ', part.title ?? part.url ?? '')]
  if (part.type === 'dynamic-tool' || part.type.startsWith('tool-')) return [tool(part)]
  return [details('tool', ['Part ', h('code', {}, part.type), ', shown as JSON'], '', JSON.stringify(part, null, 1))]
}

const details = (symbol, name, state, text) => h('details.tool', {}, h('summary', {}, icon(symbol), h('span', {}, name), state && meta(state)), h('pre', { tabindex: 0, role: 'region', dir: 'ltr', 'aria-label': 'Details' }, text))

const STATES = { 'input-streaming': 'running', 'input-available': 'running', 'approval-requested': 'needs approval', 'approval-responded': 'running', 'output-available': 'done', 'output-error': 'failed', 'output-denied': 'denied' }
function tool(part) {
  const state = STATES[part.state] ?? part.state
  const lines = ['in   ' + JSON.stringify(part.input ?? part.rawInput ?? null)]
  if ('output' in part) lines.push('out  ' + JSON.stringify(part.output))
  if (part.errorText) lines.push('out  ' + part.errorText)
  return details(state === 'failed' ? 'warn' : 'tool', part.toolName ?? part.type.slice(5), state, lines.join('\n'))
}
/** A picture that came with the message is shown; one of another host would tell that host who reads. */
function file({ url = '', filename, mediaType = '' }) {
  const name = filename ?? (url.startsWith('data:') ? 'file' : url)
  const shown = /^data:image\/(png|jpeg|gif|webp);/.test(url)
  const image = shown && h('img', { src: url, alt: name, onerror: () => image.replaceWith(h('span.missing', {}, name)) })
  const size = url.startsWith('data:') && Math.ceil((url.length - url.indexOf(',')) * 0.75 / 1024) + ' KB'
  return h('figure', {}, image || h('span.missing', {}, icon('box'), name), h('figcaption.meta', {}, ...between([name, size || mediaType])))
}
/** What, what is safe, one button, then status and request id. */
export const failure = (bold, text, action, ...details) => h('div.fail', { role: 'alert' }, icon('warn'), h('div', {}, h('b', {}, bold), ' ', text), h('div.do', {}, action, meta(...details)))
/** @param view {name, writable, earlier, versions: {at, of, move}, failed: {text, details}, box, act: {edit, again}} */
export function messageView(message, view) {
  const isUser = message.role === 'user'
  const status = message.metadata.status
  const id = 'm-' + message.id
  const state = status === 'running' ? ', being written' : status === 'stopped' ? ', stopped' : status === 'failed' ? ', failed' : ''
  const empty = !message.content && partsOf(message).every(part => part.type === 'text' && !part.text)
  const box = view.box || h('div.text', { dir: 'auto' }, ...partsOf(message).flatMap(part => partView(part, !isUser)))
  const retry = name => view.writable && button(name, view.act.again)
  const article = h('article.msg' + (isUser ? '.user' : ''), { 'aria-labelledby': id, 'data-id': message.id, 'aria-busy': status === 'running' },
    h('h3.vh', { id }, `${isUser ? view.name : 'Assistant'}, message ${message.seq ?? ''}${state}`), h('span.seq', { 'aria-hidden': 'true' }, String(message.seq ?? '')), !empty && box)
  if (status === 'failed') article.append(failure('No answer.', view.failed?.text ?? 'The model did not answer. Your message is stored.', retry('Try again'), ...(view.failed?.details ?? ['stored'])))
  else if (status === 'incomplete') article.append(failure('Cut off.', 'The model stopped in the middle. What had arrived is kept.', retry('Regenerate'), ...(view.failed?.details ?? ['kept'])))
  else if (empty && status === 'stopped') article.append(h('p.none', {}, 'Stopped before anything came.'))
  if (message.metadata.cut) article.append(h('p.none', {}, `Shown are the first ${message.content.length.toLocaleString('en')} of ${message.metadata.cut.characters.toLocaleString('en')} characters.`))
  article.append(foot(message, view, isUser, status))
  return article
}

function foot(message, view, isUser, status) {
  const { usage, model } = message.metadata
  const mine = view.writable && !view.earlier
  const acts = h('span.acts', {}, isUser && mine && word('Edit', view.act.edit), (message.content || isUser) && copyWord(() => textOf(message)), !isUser && mine && ['completed', 'stopped'].includes(status) && word('Regenerate', view.act.again))
  const facts = [isUser ? view.versions && 'edited' : { stopped: 'stopped, kept as it was', running: 'being written' }[status]]
  const wide = isUser ? [] : [model, usage && usage.outputTokens + ' tokens'].filter(Boolean)
  const time = h('time', { datetime: message.created_at, title: fullTime(message.created_at) }, clock(message.created_at))
  return h('div.foot', {}, view.versions && versions(view.versions), acts,
    h('span.meta', {}, message.seq && h('span.n', {}, String(message.seq), h('i', {}, '/')), ...facts.filter(Boolean).flatMap(fact => [fact, h('i', {}, '/')]), ...wide.map(fact => h('span.x', {}, fact, h('i', {}, '/'))), time))
}

function versions({ at, of, move }) {
  const step = (name, symbol, by) => h('button', { type: 'button', 'aria-label': name, 'aria-disabled': at + by < 1 || at + by > of ? 'true' : null, onclick: () => at + by >= 1 && at + by <= of && move(at + by) }, icon(symbol))
  return h('span.vers', {}, step('Earlier version', 'left', -1), `${at} of ${of}`, step('Later version', 'right', 1))
}
