// What goes on, at a glance.

import { chart } from '../chart.js';
import { chip, h, head, table, when } from '../dom.js';
import { call, repeat } from '../server.js';

const EVERY = 5_000;

const tile = (number, text) => h('div', { className: 'tile' }, h('b', {}, String(number)), h('span', {}, text));

export default async function overview(main, signal) {
  const charts = h('div', { className: 'columns' });
  const tiles = h('div', { className: 'tiles' });
  const newest = h('div');
  main.append(head('Overview', 'Numbers of this server process; lists are read from the database.'), tiles, charts, newest);

  async function draw(watching) {
    const [{ now, minutes }, { operations, complete }, { applications }] = await Promise.all([
      call('charts', {}, signal, watching), call('watchOperations', {}, signal, watching), call('getApplicationList', {}, signal, watching)]);
    const sum = (member) => minutes.filter((it) => it.at > now - 60).reduce((total, it) => total + it[member], 0);
    const pending = operations.filter((it) => it.status === 'PENDING').length;
    tiles.replaceChildren(
      tile(sum('valid'), 'verified in the last hour'),
      tile(sum('invalid'), 'failed in the last hour'),
      tile(pending >= 200 ? '200+' : pending, 'pending operations'),
      tile(applications.length, applications.length === 1 ? 'application' : 'applications'));
    charts.replaceChildren(
      h('section', { className: 'card' }, h('h2', {}, 'Verifications per minute'),
        chart('Verifications', now, minutes, [['verified', 'valid', 'good'], ['failed', 'invalid', 'bad']])),
      h('section', { className: 'card' }, h('h2', {}, 'Requests per minute'),
        chart('Requests', now, minutes, [['requests', 'requests', 'calm'], ['not processed', 'failures', 'bad']])));
    const rows = operations.slice(0, 6).map((it) => ({
      href: '#/operations',
      cells: [h('strong', {}, it.operationType), it.userId ?? '–', chip(it.status), when(it.timestampCreated)],
    }));
    newest.replaceChildren(h('section', { className: 'card flush' },
      h('h2', {}, complete ? 'Newest operations' : 'Pending operations'),
      table('Newest operations', [{ label: 'Type', lead: true }, { label: 'User' }, { label: 'State' }, { label: 'Created', className: 'right' }], rows,
        'No operation yet. Create one under Operations.')));
  }

  await repeat(signal, EVERY, draw);
}
