// Operations, as they change; and new ones from templates.

import { chip, confirm, facts, field, form, h, head, select, when } from '../dom.js';
import { call } from '../server.js';

const OVER = { APPROVED: 'timestampFinalized', REJECTED: 'timestampFinalized', FAILED: 'timestampFinalized', EXPIRED: 'timestampExpires' };
/** After a failure: seconds before the next attempt, up to half a minute. */
const PAUSES = [1, 2, 5, 10, 30];

const placeholders = (template) => [...new Set([...template.matchAll(/\$\{([^}:]+)(?::-[^}]*)?\}/g)].map((it) => it[1]))];
const SAMPLES = { amount: '1234.50', currency: 'EUR', account: 'CZ6508000000192000145399', iban: 'CZ6508000000192000145399', note: 'Rent' };

export default async function operations(main, signal) {
  const [{ applications }, templates] = await Promise.all([call('getApplicationList', {}, signal), call('getAllTemplates', {}, signal)]);
  const live = h('span', { className: 'live', role: 'status' }, 'live');
  const list = h('section', { className: 'card flush' });
  main.append(head('Operations', 'What users are asked to approve.', live),
    h('section', { className: 'card' }, h('h2', {}, 'New operation'), creation()), list);

  function creation() {
    if (applications.length === 0 || templates.length === 0) {
      return h('p', { className: 'quiet' }, 'It takes an ', h('a', { href: '#/applications' }, 'application'), ' and a ', h('a', { href: '#/templates' }, 'template'), '.');
    }
    const user = h('input', { required: true, maxlength: 255, autocomplete: 'off', placeholder: 'alice' });
    const application = select(applications.map((it) => [it.applicationId, it.applicationId]));
    const template = select(templates.map((it) => [it.templateName, it.templateName]));
    const values = h('div', { className: 'row' });
    const ask = () => {
      const { dataTemplate } = templates.find((it) => it.templateName === template.value);
      values.replaceChildren(...placeholders(dataTemplate).map((name) => field(name, h('input', { name, value: SAMPLES[name] ?? '', autocomplete: 'off' }))));
    };
    template.addEventListener('change', ask);
    ask();
    return form(async () => {
      const parameters = Object.fromEntries([...values.querySelectorAll('input')].map((it) => [it.name, it.value]));
      await call('createOperation', { userId: user.value.trim(), applications: [application.value], templateName: template.value, parameters }, signal);
    }, { label: 'Create' }, h('div', { className: 'row' }, field('User', user), field('Application', application), field('Template', template)), values);
  }

  let known = new Map();
  const open = new Set();

  function draw({ operations: all, complete }) {
    const first = known.size === 0;
    const rows = all.map((it) => {
      const changed = !first && known.get(it.id) !== it.status;
      const words = [];
      if (it.failureCount) words.push(`${it.failureCount} of ${it.maxFailureCount} attempts failed`);
      if (it.statusReason) words.push(it.statusReason);
      const details = h('details', { open: open.has(it.id) }, h('summary', {}, it.operationType), facts([
        ['Signed data', h('code', {}, it.data)],
        ['Factors', it.signatureType.join(', ').toLowerCase().replaceAll('_', ' + ')],
        ['Template', it.templateName],
        ['Applications', it.applications.join(', ')],
        ['Expires', when(it.timestampExpires)],
        ['Id', h('code', {}, it.id)],
      ]));
      details.addEventListener('toggle', () => (details.open ? open.add(it.id) : open.delete(it.id)));
      const over = it[OVER[it.status]];
      const cancel = it.status === 'PENDING' && h('button', { type: 'button', className: 'plain small', onclick: async () => {
        if (await confirm('Withdraw this operation?', 'The user can no longer decide it.', 'Withdraw it')) await call('cancelOperation', { operationId: it.id }, signal);
      } }, 'Withdraw');
      return h('tr', { className: changed ? 'fresh' : '', 'data-id': it.id },
        h('td', {}, details), h('td', { 'data-label': 'User' }, it.userId ?? 'nobody yet'),
        h('td', { 'data-label': 'State' }, chip(it.status), words.length ? h('div', { className: 'quiet small' }, words.join(', ')) : ''),
        h('td', { 'data-label': 'Created' }, when(it.timestampCreated), over ? h('div', { className: 'quiet small' }, 'over ', when(over)) : ''),
        h('td', { className: 'right' }, cancel || ''));
    });
    known = new Map(all.map((it) => [it.id, it.status]));
    list.replaceChildren(
      h('h2', {}, complete ? 'Newest operations' : 'Pending operations, and what became of them since this page was opened'),
      rows.length === 0 ? h('p', { className: 'empty' }, 'No operation yet.') : h('table', { className: 'stack' },
        h('caption', { className: 'hidden-text' }, 'Operations'),
        h('thead', {}, h('tr', {}, ['Operation', 'User', 'State', 'Created'].map((it) => h('th', { scope: 'col' }, it)), h('th', { scope: 'col' }, h('span', { className: 'hidden-text' }, 'Actions')))),
        h('tbody', {}, rows)));
  }

  async function follow() {
    let seen;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const news = await call('watchOperations', { seen, ids: [...known.keys()].slice(0, 200) }, signal);
        if (news.seen !== seen) draw(news);
        seen = news.seen;
        failures = 0;
        live.className = 'live';
        live.textContent = 'live';
      } catch (error) {
        if (signal.aborted || error.status === 401) return;
        live.className = 'live off';
        live.textContent = 'not connected, tries again';
        const pause = PAUSES[Math.min(failures++, PAUSES.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      }
    }
  }
  follow();
}
