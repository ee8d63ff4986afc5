/* The sidebar's list: pages of 200, kept in step by one conditional request. */
import { call } from './api.js'
import { $, count, dayOf, h, icon, shortTime, fullTime, word } from './dom.js'
import { hueOf, initial, me, nameOf, ownerOf, tenantName } from './people.js'

const PAGE = 200
const placeOf = conversation => conversation.last_message_at ?? conversation.created_at

export class List {
  /** @param app {go(place), act(name, conversation, row), answered(answer)} */
  constructor(app) {
    this.app = app
    this.rows = $('#rows')
    this.below = $('#below')
    this.box = $('#list')
    this.filter = $('#filter')
    this.filter.addEventListener('input', () => this.render())
    this.moved = 0
    this.box.addEventListener('pointermove', () => (this.moved = Date.now()))
    this.box.addEventListener('pointerleave', () => { this.moved = 0; this.render() })
    this.box.addEventListener('focusout', () => setTimeout(() => this.render()))
    this.box.addEventListener('keydown', event => this.pressed(event))
    this.reset()
  }

  /** Somebody else's list, or another choice of it. */
  reset(view = {}) {
    Object.assign(this, { view, found: new Map(), order: [], next: null, etag: null, loaded: false, failed: false, seen: new Map(), lines: new Map(), busy: new Map(), labels: view.keep ? this.labels : new Set(), generation: (this.generation ?? 0) + 1 })
    this.rows.replaceChildren()
    this.below.replaceChildren()
    this.words()
  }

  choose(view) {
    this.reset({ ...view, keep: true })
    return this.poll()
  }

  query() {
    const { label, archived, mine } = this.view
    return `?limit=${PAGE}` + (me().role === 'admin' && !mine ? '&scope=tenant' : '') + (archived ? '&archived=true' : '') + (label ? '&label=' + encodeURIComponent(label) : '')
  }

  /** The newest page when it has changed. Says whether it was asked for in vain. */
  async poll() {
    const { generation } = this
    const answer = await call('GET', '/api/conversations' + this.query(), { headers: this.etag ? { 'If-None-Match': this.etag } : {} })
    if (generation !== this.generation || answer.status === 304) return answer
    this.failed = answer.status !== 200
    if (answer.status === 200) this.take(answer)
    this.render()
    return answer
  }

  take({ json, etag, link }) {
    const first = !this.loaded
    const last = json.at(-1)
    const ids = new Set(json.map(each => each.id))
    for (const id of this.order) {
      const known = this.found.get(id)
      // Pushed to a later page where it is older than all of these; otherwise gone.
      if (!ids.has(id) && !(link && last && placeOf(known) < placeOf(last)) && !this.busy.has(id)) this.found.delete(id)
    }
    for (const each of json) {
      if (first) this.seen.set(each.id, each.message_count)
      else if (!this.seen.has(each.id)) this.seen.set(each.id, -1)
      this.found.set(each.id, each)
    }
    if (first) this.next = link
    this.etag = etag
    this.loaded = true
    this.sort()
  }

  async more() {
    const answer = await call('GET', this.next)
    if (answer.status !== 200) return this.app.answered(answer)
    for (const each of answer.json) {
      this.seen.set(each.id, each.message_count)
      this.found.set(each.id, each)
    }
    this.next = answer.link
    const at = this.order.length
    this.sort()
    this.render()
    $('a', this.lines.get(this.order[at])?.li ?? this.rows)?.focus()
  }

  sort() {
    this.order = [...this.found.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : placeOf(a) > placeOf(b) ? -1 : a.id < b.id ? 1 : -1)).map(each => each.id)
    for (const each of this.found.values()) for (const label of each.labels) this.labels.add(label)
    this.words()
  }

  get(id) { return this.found.get(id) }

  /** What this page itself has changed or shown. */
  put(conversation) {
    const { messages: _, ...fields } = conversation
    this.seen.set(fields.id, fields.message_count)
    const fits = this.loaded && Boolean(this.view.archived) === fields.archived && (!this.view.label || fields.labels.includes(this.view.label))
    if (this.found.has(fields.id) || (fits && this.order.length < PAGE)) this.found.set(fields.id, fields)
    this.sort()
    this.render()
  }

  drop(id) {
    this.found.delete(id)
    this.sort()
    this.render()
  }

  current(id) {
    this.open = id
    this.render()
  }

  words() {
    const choice = (text, view) => word(text, () => this.choose(view), { 'aria-pressed': String(view.label === this.view.label && Boolean(view.archived) === Boolean(this.view.archived) && Boolean(view.mine) === Boolean(this.view.mine)) })
    const admin = me().role === 'admin'
    const focused = document.activeElement?.parentElement?.id === 'words' && document.activeElement.textContent
    $('#words').replaceChildren(choice(admin ? `All of ${me().tenant}` : 'All', {}), ...(admin ? [choice('Mine', { mine: true })] : []),
      ...[...this.labels].sort().slice(0, 12).map(label => choice(label, { label })), choice('Archived', { archived: true }))
    if (focused) [...$('#words').children].find(each => each.textContent === focused)?.focus()
  }

  // Showing

  /** Rows never jump under the pointer, nor under the focus: a new order waits until both have left. */
  held() {
    return (this.box.matches(':hover') && Date.now() - this.moved < 3000) || (this.box.contains(document.activeElement) && this.box !== document.activeElement)
  }

  render() {
    if (!this.loaded) return this.none(this.failed && ['The list could not be loaded.', word('Try again', () => this.poll())])
    const asked = this.filter.value.trim().toLowerCase()
    const matches = each => !asked || each.title.toLowerCase().includes(asked) || each.labels.some(label => label.toLowerCase().includes(asked))
    const shown = this.order.filter(id => matches(this.found.get(id)))
    const now = Date.now()
    let day = ''
    const lines = shown.map(id => {
      const each = this.found.get(id)
      const today = dayOf(placeOf(each), now)
      const line = this.line(each, today === day ? '' : today, now)
      day = today
      return line
    })
    const held = this.held() && asked === this.asked
    this.asked = asked
    const kept = new Set(lines)
    for (const li of [...this.rows.children]) if (!kept.has(li)) li.remove()
    if (held) this.rows.append(...lines.slice(lines.findLastIndex(li => li.isConnected) + 1))
    else lines.forEach((li, i) => { if (this.rows.children[i] !== li) this.rows.insertBefore(li, this.rows.children[i] ?? null) })
    for (const [id] of this.lines) if (!this.found.has(id)) this.lines.delete(id)
    this.stop()
    if (shown.length) this.none(this.next && !asked && h('button.b', { type: 'button', onclick: () => this.more() }, `Show ${PAGE} more`))
    else if (asked) this.none([`Nothing called “${this.filter.value.trim()}”.`, 'The filter looks at titles and labels.'])
    else this.none(this.view.archived ? ['Nothing is archived.', ''] : this.view.label ? [`Nothing has the label ${this.view.label}.`, ''] : ['No conversations yet.', 'Your first message starts one.'])
  }

  none(what) {
    const key = Array.isArray(what) ? what[0] : what?.textContent ?? ''
    if (this.said === key && this.below.childElementCount) return
    this.said = key
    this.below.replaceChildren(...(Array.isArray(what) ? [h('p.none', {}, h('b', {}, what[0]), ' ', what[1])] : what ? [h('div.morebox', {}, what)] : []))
  }

  /** The row of a conversation; the same element as before, brought up to date. */
  line(each, day, now) {
    const line = this.lines.get(each.id) ?? this.make(each)
    line.each = each
    const busy = this.busy.get(each.id)
    const changed = each.id !== this.open && this.seen.get(each.id) < each.message_count
    const signature = JSON.stringify([each.title, each.labels, each.archived, each.tenant_id, changed, busy?.name, day, each.id === this.open, me().role])
    line.time.textContent = shortTime(placeOf(each), now)
    if (line.signature === signature || line.field) return line.li
    line.signature = signature
    const leak = me().tenant_id && each.tenant_id !== me().tenant_id
    const owner = ownerOf(each)
    line.li.className = `row${changed ? ' changed' : ''}${busy ? ' ended' : ''}${leak ? ' leak' : ''}`
    line.li.dataset.tenant = hueOf(tenantName(each.tenant_id))
    line.a.textContent = line.a.title = each.title
    if (each.id === this.open) line.a.setAttribute('aria-current', 'page')
    else line.a.removeAttribute('aria-current')
    line.time.title = fullTime(placeOf(each))
    line.time.dateTime = placeOf(each)
    line.more.setAttribute('aria-label', 'Options for ' + each.title)
    const label = leak ? h('span.label.must', {}, 'tenant ' + tenantName(each.tenant_id)) : each.archived ? h('span.label', {}, 'archived') : each.labels[0] && h('span.label', { title: each.labels.join(', ') }, each.labels[0])
    line.div.replaceChildren(...[me().role === 'admin' && !this.view.mine && h('span.mini', { 'aria-hidden': 'true', title: owner && nameOf(owner) }, owner ? initial(owner) : '·'), line.a,
      changed && h('span.dot', {}, h('span.vh', {}, 'Changed')), !busy && label, busy ? word('Undo', busy.undo) : line.time, !busy && line.more].filter(Boolean))
    line.li.replaceChildren(...[day && h('h3', {}, day), line.div].filter(Boolean))
    return line.li
  }

  make(each) {
    const line = { div: h('div'), time: h('time'), li: h('li.row', { 'data-id': each.id }) }
    line.a = h('a', { href: '#' + each.id, dir: 'auto', tabindex: -1, onclick: event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      this.app.go(each.id)
    } })
    line.more = h('button.more', { type: 'button', 'aria-haspopup': 'menu', tabindex: -1, onclick: () => this.app.options(line.each, line.more) }, icon('more'))
    this.lines.set(each.id, line)
    return line
  }

  /** One stop for the Tab key: the row that has the focus, else the open one, else the first. */
  stop(chosen) {
    const open = this.lines.get(this.open)?.li
    const stop = chosen ?? ([...this.rows.children].find(li => li.contains(document.activeElement)) ?? (open?.isConnected ? open : this.rows.firstElementChild))
    if (this.stopped === stop && stop?.isConnected) return
    if (this.stopped) for (const each of this.stopped.querySelectorAll('a, .more')) each.tabIndex = -1
    this.stopped = stop
    if (stop) for (const each of stop.querySelectorAll('a, .more')) each.tabIndex = 0
  }

  pressed(event) {
    const li = event.target.closest('.row')
    if (!li || event.target.matches('input') || event.ctrlKey || event.metaKey || event.altKey) return
    const all = [...this.rows.children]
    const at = all.indexOf(li)
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key]
    const conversation = this.found.get(li.dataset.id)
    if (to !== undefined) {
      const next = all[Math.max(0, Math.min(all.length - 1, to))]
      this.stop(next)
      $('a', next).focus()
    } else if (event.target.matches('a') && conversation && !this.busy.has(conversation.id)) {
      const act = { F2: 'rename', e: 'archive', l: 'labels', Delete: 'remove' }[event.key]
      if (act) this.app.act(act, conversation)
      else if (event.key === 'F10' && event.shiftKey) this.app.options(conversation, $('.more', li))
      else return
    } else return
    event.preventDefault()
  }

  /** The one before or behind the open one. */
  neighbour(by) {
    const at = this.order.indexOf(this.open)
    return this.order[at < 0 ? 0 : at + by]
  }

  summary() { return count(this.order.length, 'conversation') }
}
