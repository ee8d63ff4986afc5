/* The rehearsal, watched: the old application's side and the new one, phase by phase. */
import { call, requests } from './api.js'
import { between, button, codeblock, h, icon, meta, wait } from './dom.js'
import { ask } from './floats.js'

const PHASES = ['none', 'prepared', 'expanded', 'backfilled', 'migrated', 'complete']
const SAYS = {
  none: 'The old application works. The new API can list, read, create, delete and send.',
  prepared: 'Roles and functions are there. No table has changed yet.',
  expanded: 'The backfill turns arrays into rows. Both applications work.',
  backfilled: 'All arrays are rows. Next: compare, then keys and indexes.',
  migrated: 'Verified: every array can be rebuilt from its rows. Both applications work, and there is a way back.',
  complete: 'Done. The old application’s table is gone; there is no way back.'
}
const RUNS = { rollback: 'Rolling back…', verify: 'Comparing…', again: 'Starting over…' }
const STEPS = [
  ['preflight', 'Reads the catalogue, changes nothing', 'nobody'], ['prepare', 'Roles and the schema history', 'nobody'], ['expand', 'Renames; view, rows, mirrors, policies', 'everybody, a tenth of a second'],
  ['backfill', 'Turns arrays into rows', 'a conversation, while it is moved'], ['verify', 'Rebuilds every array and compares', 'nobody'], ['keys', 'Keys, not null, indexes, policies for the owner', 'milliseconds'], ['complete', 'Drops the view, the mirrors and the arrays', 'milliseconds']
]
const many = n => Number(n ?? 0).toLocaleString('en')

export class Migration {
  constructor(app) { Object.assign(this, { app, number: 1, report: null, running: '', error: '' }) }
  async open() {
    this.isOpen = true
    this.app.head('Migration', ['rehearsal', 'its own database'])
    if (document.documentElement.dataset.rehearses !== 'true') {
      const text = 'Start the local run with a database as it was before the migration, and an old application at work on it. Then the migration can be watched here, on both sides.'
      return this.app.pane(h('div.blank.col', {}, h('h3', {}, 'Nothing to migrate here'), h('p', {}, text), codeblock('sh', './mvnw -Plocal -Drehearse', 'Command')), h('div'))
    }
    this.body = h('div.wide')
    this.app.pane(h('div.mig', { tabindex: 0, role: 'region', 'aria-label': 'Migration' }, this.body), h('div'))
    while (this.isOpen) {
      await this.look()
      await wait(this.running ? 400 : 1500)
    }
  }
  leave() { this.isOpen = false }
  async look() {
    try {
      const [state, session] = [await call('GET', '/local/rehearsal', { anonymous: true }), await call('POST', '/local/session', { body: { number: this.number }, anonymous: true })]
      if (this.isOpen && state.status === 200) this.show(state.json, session.json)
    } catch (error) {
      if (this.isOpen) this.app.lost(error)
    }
  }
  /** An action of the migration function; what it reports is shown, also when it failed. */
  async act(action, body = {}) {
    if (this.running) return
    Object.assign(this, { running: action, error: '' })
    this.look()
    try {
      const { status, json } = await call('POST', action === 'again' ? '/local/rehearsal/again' : '/local/migration', { body: { action, ...body }, anonymous: true })
      this.report = action === 'again' && status === 200 ? null : json
      const failed = json.steps?.find(step => step.state === 'FAILED')
      const reason = failed ? `${failed.name} failed: ${failed.detail}.` : (json.findings?.find(each => each.blocks)?.finding ?? json.detail)
      this.error = status === 200 ? '' : `${reason} Both applications work as before.`
    } catch (error) {
      this.app.lost(error)
    }
    this.running = ''
    this.look()
  }
  async complete() {
    const { json } = await call('POST', '/local/migration', { body: { action: 'status' }, anonymous: true })
    if (!json.confirm) return this.act('complete')
    ask({ title: 'Complete the migration?', lines: [['The view ', h('code', {}, 'chat_sessions'), ', the mirrors and the old arrays are dropped. The old application stops working. There is no way back.']],
      field: ['Type ', h('code', {}, json.confirm)], ok: 'Complete', danger: true, ready: text => text === json.confirm, take: text => void this.act('complete', { confirm: text }) })
  }
  actions(phase) {
    if (this.running) return [h('button.b.first', { type: 'button', 'aria-disabled': 'true' }, RUNS[this.running] ?? 'Migrating…')]
    if (this.error) return [button('Try again', () => this.act(this.report?.action ?? 'migrate'), 'first')]
    if (phase === 'complete') return [button('Start over', () => this.act('again'), 'first')]
    if (phase !== 'migrated') return [button(phase === 'none' || phase === 'prepared' ? 'Migrate' : 'Go on', () => this.act('migrate'), 'first')]
    return [button('Roll back', () => this.act('rollback')), button('Verify', () => this.act('verify')), button('Complete…', () => this.complete(), 'first')]
  }
  show(state, session) {
    const { phase, old_side: old, new_side: rows, old_application: application } = state
    const at = PHASES.indexOf(phase)
    const elements = old?.elements ?? rows?.messages ?? 0
    const moved = rows ? (phase === 'expanded' ? Math.min(1, rows.messages / Math.max(1, elements)) : 1) : 0
    this.began = this.running && rows && phase === 'expanded' ? (this.began ?? { at: Date.now(), messages: rows.messages }) : undefined
    const left = this.began && Math.ceil((elements - rows.messages) * (Date.now() - this.began.at) / (rows.messages - this.began.messages) / 1000)
    const own = requests.filter(each => each.path.startsWith('/api/'))
    const failed = own.filter(each => each.status >= 500 || (each.status === 0 && each.ms)).length
    const figures = [['Conversations', rows?.conversations ?? old?.sessions], ['Elements', old ? elements : 0], ['Rows', rows?.messages], ['Not moved yet', rows ? rows.pending : old?.sessions], ['In quarantine', rows?.quarantined]]
    const focused = document.activeElement?.closest('.wide, #does') && document.activeElement.getAttribute('aria-label')
    const top = [h('ol.phases', { 'aria-label': 'Phases' }, ...PHASES.map((name, i) => h('li' + (i < at ? '.done' : ''), { 'aria-current': i === at ? 'step' : null }, name))),
      h('div', {}, h('progress', { 'aria-label': 'Elements that are rows', max: 100, value: Math.round(moved * 100) }),
        h('p.say', {}, h('span' + (this.error ? '.bad' : ''), { role: this.error ? 'alert' : null }, this.error || SAYS[phase]), meta(`${many(rows?.messages)} of ${many(elements)}${left > 0 && isFinite(left) ? `, about ${many(left)} s left` : ''}`))),
      h('dl.sum', {}, ...figures.map(([name, n]) => h('div', {}, h('dt', {}, name), h('dd', {}, many(n)))))]
    const foot = h('p.say', {}, h('span', {}, `${many(application.writes)} arrays written by the old application`, h('br'), `${many(application.failures)} failed, longest ${many(application.longest_wait_millis)} ms`),
      h('span.end', {}, `${many(own.length)} requests of this page to the new API`, h('br'), `${many(failed)} failed, longest ${many(Math.round(Math.max(0, ...own.map(each => each.ms ?? 0))))} ms`))
    this.body.replaceChildren(...top, h('section', { 'aria-labelledby': 'side-h' }, ...this.session(session, phase), foot), this.steps(phase), ...(this.report ? [this.json()] : []))
    this.app.does(this.actions(phase))
    if (focused) this.body.querySelector(`[aria-label="${focused}"]`)?.focus()
  }
  session(session, phase) {
    if (!session) return []
    const turn = (name, symbol, by) => h('button', { type: 'button', 'aria-label': name, onclick: () => { this.number = Math.min(session.of, Math.max(1, this.number + by)); this.look() } }, icon(symbol))
    const row = new Map(session.rows.map(each => [each.seq, each]))
    const last = Math.max(session.elements?.length ?? 0, ...row.keys(), 0)
    const tag = (symbol, text, kind = '') => h('div.tag' + kind, {}, icon(symbol), text)
    const before = n => (!session.elements ? tag('x', 'No longer there') : session.elements[n - 1]?.mirrored ? tag('move', 'Written by the new API, mirrored here') : h('div.json', { dir: 'ltr' }, session.elements[n - 1]?.json ?? ''))
    const after = n => (row.has(n) ? h('div.say2', {}, h('span.role', {}, row.get(n).role), h('bdi', {}, row.get(n).content)) : session.quarantine[n] ? tag('hold', 'In quarantine: ' + session.quarantine[n]) : tag('clock', 'Not a row yet, read from the array', '.wait'))
    return [h('h3.h', { id: 'side-h' }, h('span', {}, 'One session, both sides ', h('bdi', {}, session.title)), h('span.vers', {}, turn('Previous session', 'left', -1), `${many(this.number)} of ${many(session.of)}`, turn('Next session', 'right', 1))),
      h('div.both', {}, h('div.names', {}, h('div', {}, h('h4', {}, 'Old application'), h('p.meta', {}, phase === 'complete' ? 'no longer there' : PHASES.indexOf(phase) < 2 ? 'chat_sessions' : 'chat_sessions, now a view')), h('div'), h('div', {}, h('h4', {}, 'New API'), h('p.meta', {}, 'conversations, messages'))),
        h('ol', {}, ...Array.from({ length: last }, (_, i) => h('li', {}, before(i + 1), h('div.n', {}, String(i + 1)), after(i + 1)))))]
  }
  steps(phase) {
    const done = new Map((this.report?.steps ?? []).map(step => [step.name, step]))
    return h('section', { 'aria-labelledby': 'steps-h' }, h('h3.h', { id: 'steps-h' }, 'Steps'), h('table.steps', {},
      h('thead', {}, h('tr', {}, ...['Step', 'What it does', 'Who waits'].map(name => h('th', { scope: 'col' }, name)), h('th.num', { scope: 'col' }, 'Seconds'))),
      h('tbody', {}, ...STEPS.map(([name, does, who]) => h('tr', {}, h('td.mono', {}, name), h('td', {}, does), h('td', {}, who), h('td.num', {}, done.has(name) ? done.get(name).seconds.toFixed(2) : phase === 'complete' ? '' : 'to come'))))))
  }
  json() {
    const open = this.body.querySelector('.tool')?.open
    return h('details.tool.report', { open }, h('summary', {}, icon('tool'), 'Report of the last call', meta(...between([this.report.action ?? 'refused']))), h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Report' }, JSON.stringify(this.report, null, 1)))
  }
}
