// Activations: search, the newest ones, and new ones with their QR code.

import { chip, copy, field, form, h, head, qr, select, table, when } from '../dom.js';
import { call, session } from '../server.js';

const COLUMNS = [{ label: 'User', lead: true }, { label: 'Device' }, { label: 'Application' }, { label: 'State' }, { label: 'Used', className: 'right' }];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const row = (it) => ({
  href: `#/activation/${it.activationId}`,
  cells: [
    h('a', { href: `#/activation/${it.activationId}` }, it.userId),
    [it.activationName ?? h('span', { className: 'quiet' }, 'not named yet'), it.platform ? h('span', { className: 'quiet' }, ` ${it.platform}`) : ''],
    it.applicationId, chip(it.activationStatus), when(it.timestampLastUsed),
  ],
});

/** The code as a QR code and as text, with the configuration that the browser phone asks for. */
export async function codeCard({ activationCode, activationSignature, applicationId }, signal) {
  const text = activationSignature ? `${activationCode}#${activationSignature}` : activationCode;
  const [drawing, { versions }] = await Promise.all([call('qrCode', { text }, signal), call('getApplicationDetail', { applicationId }, signal)]);
  const config = versions.find((it) => it.supported)?.mobileSdkConfig;
  const address = config && `/phone/#${new URLSearchParams({ config, code: activationCode })}`;
  return h('div', { className: 'qr' }, qr(drawing, `QR code of the activation code ${activationCode}`),
    h('div', {}, h('p', {}, 'Scan it with the app, or type the code:'),
      h('p', {}, h('span', { className: 'activation-code' }, activationCode), copy(activationCode)),
      session.phone && address && h('p', {}, h('a', { className: 'button', href: address, target: '_blank', rel: 'noopener' }, 'Open it in the browser phone')),
      h('p', { className: 'quiet small' }, 'The code can be used once, and not for long. When the phone has sent its keys, the activation waits here to be committed.')));
}

export default async function activations(main, signal) {
  const { applications } = await call('getApplicationList', {}, signal);
  const ids = applications.map((it) => it.applicationId);
  const found = h('section', { className: 'card flush', 'aria-live': 'polite' });
  const fresh = h('div', { 'aria-live': 'polite' });

  const query = h('input', { type: 'search', maxlength: 255, placeholder: 'a user, or the id of an activation', autocomplete: 'off' });
  const application = select([['', 'all'], ...ids.map((id) => [id, id])]);
  const state = select([['', 'any'], ...['CREATED', 'PENDING_COMMIT', 'ACTIVE', 'BLOCKED', 'REMOVED'].map((it) => [it, it.toLowerCase().replace('_', ' ')])]);
  const search = form(draw, { label: 'Search', className: 'search', kind: '' },
    h('div', { className: 'row' }, field('User or activation', query), field('Application', application), field('State', state)));
  for (const control of [application, state]) control.addEventListener('change', () => draw().catch(() => {}));

  const user = h('input', { required: true, maxlength: 255, autocomplete: 'off', placeholder: 'alice' });
  const target = select(ids.map((id) => [id, id]));
  const create = ids.length === 0
    ? h('p', { className: 'quiet' }, 'Create an ', h('a', { href: '#/applications' }, 'application'), ' first.')
    : form(async () => {
      const made = await call('initActivation', { userId: user.value.trim(), applicationId: target.value }, signal);
      const link = h('a', { href: `#/activation/${made.activationId}` }, 'Follow this activation');
      fresh.replaceChildren(h('section', { className: 'card' }, h('h2', {}, `Activation code for ${made.userId}`), await codeCard(made, signal), h('br'), link));
      user.value = '';
      await draw();
    }, { label: 'Create and show the QR code' }, h('div', { className: 'row' }, field('User', user), field('Application', target)));

  main.append(head('Activations', 'A device of a user in an application.'),
    h('section', { className: 'card' }, h('h2', {}, 'New activation'), create), fresh,
    h('section', { className: 'card' }, h('h2', {}, 'Search'), search), found);

  async function draw() {
    const text = query.value.trim();
    const fits = (it) => (!application.value || it.applicationId === application.value) && (!state.value || it.activationStatus === state.value);
    let list;
    let title = text ? `Activations of ${text}` : 'Newest activations';
    let empty = text ? 'None found.' : 'No activation yet.';
    if (UUID.test(text)) {
      const one = await call('getActivationStatus', { activationId: text }, signal);
      // An unknown one looks removed, and has no user.
      list = one.userId ? [one] : [];
    } else if (text) {
      list = (await call('getActivationListForUser', { userId: text, pageSize: 200 }, signal)).activations;
    } else {
      const recent = await call('recentActivations', {}, signal);
      list = recent.activations;
      if (!recent.complete) {
        title = 'Activations';
        empty = 'There are many. Search for a user or an id.';
      }
    }
    found.replaceChildren(h('h2', {}, title), table(title, COLUMNS, list.filter(fits).map(row), empty));
  }
  await draw();
}
