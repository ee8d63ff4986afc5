/* The rehearsal, watched. */
import { h } from './dom.js'

export class Migration {
  constructor(app) { this.app = app }
  open() {
    this.app.head('Migration', ['rehearsal'])
    this.app.pane({ body: h('div.blank.col', {}, h('h3', {}, 'See the migration')), dock: h('div') })
  }
  leave() {}
}
