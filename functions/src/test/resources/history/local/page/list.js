/* The sidebar's list: pages of 200, kept in step by one conditional request. */
import { call } from './api.js'
import { $, count, dayOf, fullTime, h, icon, shortTime, word } from './dom.js'
import { hueOf, initial, me, nameOf, ownerOf, tenantName } from './people.js'

const PAGE = 200
const placeOf = conversation => conversation.last_message_at ?? conversation.created_at

export class List {
  /** @param app {go(place), act(name, conversation), options(conversation, anchor), answered(answer)} */
  constructor(app) {
    Object.assign(this, { app, rows: $('#rows'), below: $('#below'), box: $('#list'), filter: $('#filter'), moved: 0, generation: 0, busy: new Map() })
    this.filter.addEventListener('input', () => this.render())
    this.box.addEventListener('pointermove', () => (this.moved = Date.now()))
    this.box.addEventListener('pointerleave', () => { this.moved = 0; this.render() })
    this.box.addEventListener('focusout', () => setTimeout(() => this.render()))
    this.box.addEventListener('keydown', event => this.pressed(event))
    this.reset()
  }
  /** Somebody else's list, or another choice of it. */
  reset(view = {}, labels = new Set()) {
    Object.assign(this, { view, labels, found: new Map(), order: [], next: null, etag: null, loaded: false, failed: false, seen: new Map(), lines: new Map() })
    this.generation++
    this.rows.replaceChildren()
    this.none()
    this.words()
  }
  query() {
    const { label, archived, mine } = this.view
    return `?limit=${PAGE}` + (me().role === 'admin' && !mine ? '&scope=tenant' : '') + (archived ? '&archived=true' : '') + (label ? '&label=' + encodeURIComponent(label) : '')
  }
  /** The newest page, where it has changed. */
  async poll() {
    const { generation } = this
    const answer = await call('GET', '/api/conversations' + this.query(), { headers: this.etag ? { 'If-None-Match': this.etag } : {} })
    if (generation !== this.generation || answer.status === 304) return answer
    this.failed = answer.status !== 200
    if (!this.failed) this.take(answer)
    this.render()
    return answer
  }
  take({ json, etag, link }) {
    const ids = new Set(json.map(each => each.id))
    for (const each of this.found.values()) {
      // Pushed to a later page where it is older than all of these; otherwise gone.
      const later = link && placeOf(each) < placeOf(json.at(-1))
      if (!ids.has(each.id) && !later && !this.busy.has(each.id)) this.found.delete(each.id)
    }
    for (const each of json) this.add(each, this.loaded ? (this.seen.get(each.id) ?? -1) : each.message_count)
    if (!this.loaded) this.next = link
    Object.assign(this, { etag, loaded: true })
    this.sort()
  }
  add(conversation, seen) { this.seen.set(conversation.id, seen); this.found.set(conversation.id, conversation) }
  async more() {
    const answer = await call('GET', this.next)
    if (answer.status !== 200) return this.app.answered(answer)
    for (const each of answer.json) this.add(each, each.message_count)
    this.next = answer.link
    const at = this.order.length
    this.sort()
    this.render()
    $('a', this.lines.get(this.order[at])?.li ?? this.rows)?.focus()
  }
  sort() {
    const before = (a, b) => placeOf(a) > placeOf(b) || (placeOf(a) === placeOf(b) && a.id > b.id)
    this.order = [...this.found.values()].sort((a, b) => (before(a, b) ? -1 : 1)).map(each => each.id)
    for (const each of this.found.values()) for (const label of each.labels) this.labels.add(label)
    this.words()
  }
  get(id) { return this.found.get(id) }
  /** What this page itself has changed or shown. */
  put({ messages: _, ...conversation }) {
    const fits = this.loaded && Boolean(this.view.archived) === conversation.archived && (!this.view.label || conversation.labels.includes(this.view.label))
    if (this.found.has(conversation.id) || (fits && this.order.length < PAGE)) this.add(conversation, conversation.message_count)
    this.sort()
    this.render()
  }
  drop(id) { this.found.delete(id); this.sort(); this.render() }
  current(id) { this.open = id; this.render() }
  words() {
    const same = (a, b) => a.label === b.label && Boolean(a.archived) === Boolean(b.archived) && Boolean(a.mine) === Boolean(b.mine)
    const choice = (text, view) => word(text, () => { this.reset(view, this.labels); return this.poll() }, { 'aria-pressed': String(same(view, this.view)) })
    const focused = document.activeElement?.parentElement?.id === 'words' && document.activeElement.textContent
    const all = me().role === 'admin' ? [choice(`All of ${me().tenant}`, {}), choice('Mine', { mine: true })] : [choice('All', {})]
    $('#words').replaceChildren(...all, ...[...this.labels].sort().slice(0, 12).map(label => choice(label, { label })), choice('Archived', { archived: true }))
    if (focused) [...$('#words').children].find(each => each.textContent === focused)?.focus()
  }
  /** Rows never jump under the pointer, nor under the focus: a new order waits until both have left. */
  held() { return (this.box.matches(':hover') && Date.now() - this.moved < 3000) || this.box.contains(document.activeElement) }
  render() {
    if (!this.loaded) return this.none(this.failed && ['The list could not be loaded.', word('Try again', () => this.poll())])
    const asked = this.filter.value.trim().toLowerCase()
    const now = Date.now()
    let day = ''
    const lines = this.order.map(id => this.found.get(id)).filter(each => !asked || [each.title, ...each.labels].some(text => text.toLowerCase().includes(asked))).map(each => {
      const before = day
      day = dayOf(placeOf(each), now)
      return this.line(each, day === before ? '' : day, now)
    })
    const kept = new Set(lines)
    for (const li of [...this.rows.children]) if (!kept.has(li)) li.remove()
    if (this.held() && asked === this.asked) this.rows.append(...lines.slice(lines.findLastIndex(li => li.isConnected) + 1))
    else lines.forEach((li, i) => { if (this.rows.children[i] !== li) this.rows.insertBefore(li, this.rows.children[i] ?? null) })
    for (const id of this.lines.keys()) if (!this.found.has(id)) this.lines.delete(id)
    this.asked = asked
    this.stop()
    if (lines.length) this.none(this.next && !asked && h('button.b', { type: 'button', onclick: () => this.more() }, `Show ${PAGE} more`))
    else if (asked) this.none([`Nothing called “${this.filter.value.trim()}”.`, 'The filter looks at titles and labels.'])
    else this.none(this.view.archived ? ['Nothing is archived.', ''] : this.view.label ? [`Nothing has the label ${this.view.label}.`, ''] : ['No conversations yet.', 'Your first message starts one.'])
  }
  /** What stands below the rows: bold words and others, a button, or nothing. What is there already stays. */
  none(what) {
    const said = Array.isArray(what) ? what[0] : (what?.textContent ?? '')
    if (this.said === said && Boolean(what) === Boolean(this.below.childElementCount)) return
    this.said = said
    this.below.replaceChildren(...(Array.isArray(what) ? [h('p.none', {}, h('b', {}, what[0]), ' ', what[1])] : what ? [h('div.morebox', {}, what)] : []))
  }
  /** The row of a conversation; the same element as before, brought up to date. */
  line(each, day, now) {
    const line = this.lines.get(each.id) ?? this.make(each)
    const busy = this.busy.get(each.id)
    const changed = each.id !== this.open && this.seen.get(each.id) < each.message_count
    const signature = JSON.stringify([each.title, each.labels, each.archived, each.tenant_id, changed, busy?.name, day, each.id === this.open, me()])
    line.each = each
    line.time.textContent = shortTime(placeOf(each), now)
    if (line.signature === signature || line.field) return line.li
    line.signature = signature
    const leak = me().tenant_id && each.tenant_id !== me().tenant_id
    const owner = ownerOf(each)
    const label = leak ? h('span.label.must', {}, 'tenant ' + tenantName(each.tenant_id)) : each.archived ? h('span.label', {}, 'archived') : each.labels[0] && h('span.label', { title: each.labels.join(', ') }, each.labels[0])
    const mini = me().role === 'admin' && !this.view.mine && h('span.mini', { 'aria-hidden': 'true', title: owner && nameOf(owner) }, owner ? initial(owner) : '·')
    line.li.className = `row${changed ? ' changed' : ''}${busy ? ' ended' : ''}${leak ? ' leak' : ''}`
    line.li.dataset.tenant = hueOf(tenantName(each.tenant_id))
    line.a.textContent = line.a.title = each.title
    if (each.id === this.open) line.a.setAttribute('aria-current', 'page')
    else line.a.removeAttribute('aria-current')
    line.time.title = fullTime(placeOf(each))
    line.time.dateTime = placeOf(each)
    line.more.setAttribute('aria-label', 'Options for ' + each.title)
    line.div.replaceChildren(...[mini, line.a, changed && h('span.dot', {}, h('span.vh', {}, 'Changed')), ...(busy ? [word('Undo', busy.undo)] : [label, line.time, line.more])].filter(Boolean))
    line.li.replaceChildren(...[day && h('h3', {}, day), line.div].filter(Boolean))
    return line.li
  }
  make({ id }) {
    const line = { div: h('div'), time: h('time'), li: h('li.row', { 'data-id': id }) }
    line.a = h('a', { href: '#' + id, dir: 'auto', tabindex: -1, onclick: event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      this.app.go(id)
    } })
    line.more = h('button.more', { type: 'button', 'aria-haspopup': 'menu', tabindex: -1, onclick: () => this.app.options(line.each, line.more) }, icon('more'))
    this.lines.set(id, line)
    return line
  }
  /** One stop for the Tab key: the row that has the focus, else the open one, else the first. */
  stop(chosen) {
    const open = this.lines.get(this.open)?.li
    const stop = chosen ?? [...this.rows.children].find(li => li.contains(document.activeElement)) ?? (open?.isConnected ? open : this.rows.firstElementChild)
    for (const [li, index] of [[this.stopped, -1], [stop, 0]]) for (const each of li?.querySelectorAll('a, .more') ?? []) each.tabIndex = index
    this.stopped = stop
  }
  pressed(event) {
    const li = event.target.closest('.row')
    if (!li || event.target.matches('input') || event.ctrlKey || event.metaKey || event.altKey) return
    const all = [...this.rows.children]
    const at = all.indexOf(li)
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key]
    const conversation = this.found.get(li.dataset.id)
    const act = event.target.matches('a') && !this.busy.has(li.dataset.id) && { F2: 'rename', e: 'archive', l: 'labels', Delete: 'remove' }[event.key]
    if (to !== undefined) {
      const next = all[Math.max(0, Math.min(all.length - 1, to))]
      this.stop(next)
      $('a', next).focus()
    } else if (act) this.app.act(act, conversation)
    else if (event.key === 'F10' && event.shiftKey) this.app.options(conversation, $('.more', li))
    else return
    event.preventDefault()
  }
  /** The one before or behind the open one. */
  neighbour(by) { return this.order[this.order.includes(this.open) ? this.order.indexOf(this.open) + by : 0] }
  summary() { return count(this.order.length, 'conversation') }
}
