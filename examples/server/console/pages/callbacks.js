// Callback URLs, and what waits for them.

import { chip, confirm, facts, field, form, h, head, select, table, when } from '../dom.js';
import { call, repeat } from '../server.js';

const TYPES = [['OPERATION_STATUS_CHANGE', 'operations change'], ['ACTIVATION_STATUS_CHANGE', 'activations change']];
const ATTRIBUTES = {
  OPERATION_STATUS_CHANGE: ['userId', 'status', 'operationType', 'templateName', 'data', 'parameters'],
  ACTIVATION_STATUS_CHANGE: ['userId', 'activationName', 'activationStatus', 'blockedReason', 'platform'],
};
const COLUMNS = [{ label: 'Event', lead: true }, { label: 'State' }, { label: 'Attempts', className: 'number' }, { label: 'Created' }, { label: 'Next attempt', className: 'right' }];

export default async function callbacks(main, signal) {
  const { applications } = await call('getApplicationList', {}, signal);
  const ids = applications.map((it) => it.applicationId);
  const list = h('div');
  main.append(head('Callbacks', 'Where your back end hears of changes. An event is sent again with growing pauses for about half a day; then it is given up and kept here for a week, in which you can send it again.'), list, creation());

  async function draw(watching) {
    if (watching && list.querySelector('details[open]')) return;
    const urls = (await Promise.all(ids.map((applicationId) => call('getCallbackUrlList', { applicationId }, signal, watching)))).flatMap((it) => it.callbackUrlList);
    const states = await Promise.all(urls.map((it) => call('deliveries', { id: it.id }, signal, watching)));
    list.replaceChildren(...urls.map((it, at) => card(it, states[at])));
    if (urls.length === 0) list.append(h('p', { className: 'empty' }, 'No callback URL yet.'));
  }

  function card(it, { waiting, dead }) {
    const count = (events) => (events.length >= 200 ? '200+' : events.length);
    const tried = waiting.filter((event) => event.attempts > 0).length;
    const state = dead.length ? chip(`${count(dead)} given up`, 'bad') : tried ? chip(`${count(waiting)} waiting`, 'warn') : waiting.length ? chip(`${count(waiting)} on their way`, 'calm') : chip('all delivered', 'good');
    const rows = [...dead.map((event) => [event, 'given up', 'bad']), ...waiting.map((event) => [event, event.attempts ? 'tried' : 'waits', event.attempts ? 'warn' : 'calm'])]
      .slice(0, 50).map(([event, word, kind]) => ({ cells: [
        h('details', {}, h('summary', {}, h('code', {}, event.id.slice(0, 8))), h('code', {}, event.body)),
        chip(word, kind), String(event.attempts), when(event.timestampCreated), event.timestampDue ? when(event.timestampDue) : again(event)] }));
    return h('section', { className: 'card' },
      h('h2', {}, it.name, ' ', state),
      facts([['URL', h('code', {}, it.callbackUrl)], ['When', TYPES.find(([type]) => type === it.type)?.[1] ?? it.type], ['Application', it.applicationId], ['Attributes', it.attributes.join(', ') || '–']]),
      rows.length > 0 && [h('br'), table(`Events for ${it.name}`, COLUMNS, rows, '')], h('br'),
      h('div', { className: 'actions' }, dead.length > 1 && h('button', { type: 'button', onclick: async () => {
        if (!await confirm('Send all of them again?', `${count(dead)} events that were given up wait for their first attempt again.`, 'Send them')) return;
        for (const event of dead) await call('sendCallbackAgain', { id: event.id }, signal);
        await draw();
      } }, 'Send all again'), h('button', { type: 'button', className: 'danger', onclick: async () => {
        if (!await confirm('Remove this URL?', 'Events that wait for it are given up.', 'Remove it')) return;
        await call('removeCallbackUrl', { id: it.id }, signal);
        await draw();
      } }, 'Remove')));
  }

  function again(event) {
    return h('button', { type: 'button', onclick: async () => {
      await call('sendCallbackAgain', { id: event.id }, signal);
      await draw();
    } }, 'Send again');
  }

  function creation() {
    if (ids.length === 0) return h('p', { className: 'quiet' }, 'Create an ', h('a', { href: '#/applications' }, 'application'), ' first.');
    const application = select(ids.map((id) => [id, id]));
    const type = select(TYPES);
    const name = h('input', { required: true, maxlength: 255, placeholder: 'payments', autocomplete: 'off' });
    const url = h('input', { type: 'url', required: true, placeholder: 'https://bank.example/changes', autocomplete: 'off' });
    return h('section', { className: 'card' }, h('h2', {}, 'New callback URL'), form(async () => {
      await call('createCallbackUrl', { applicationId: application.value, type: type.value, name: name.value.trim(), callbackUrl: url.value.trim(), attributes: ATTRIBUTES[type.value] }, signal);
      name.value = url.value = '';
      await draw();
    }, { label: 'Create' }, h('div', { className: 'row' }, field('Name', name), field('Application', application), field('When', type)),
    field('URL', url, 'The server calls public addresses only, unless --callback-network lists others.')));
  }

  await repeat(signal, 5_000, draw);
}
