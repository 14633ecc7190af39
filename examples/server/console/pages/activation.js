// One activation: what is known of it, what can be done, what happened.

import { chip, confirm, facts, h, head, when } from '../dom.js';
import { call, repeat } from '../server.js';
import { codeCard } from './activations.js';

const REASONS = { MAX_FAILED_ATTEMPTS: 'too many wrong signatures', NOT_SPECIFIED: 'no reason given', OFFLINE_SIGNATURE_FAILED: 'a wrong offline code' };
/** What may be done in which state: method, label, look. */
const ACTIONS = {
  PENDING_COMMIT: [['commitActivation', 'Commit', 'primary']],
  ACTIVE: [['blockActivation', 'Block', '']],
  BLOCKED: [['unblockActivation', 'Unblock', 'primary']],
};
const EVERY = 3_000;

export default async function activation(main, signal, [id]) {
  const body = h('div');
  const notice = h('p', { className: 'notice bad', role: 'alert' });
  main.append(notice, body);
  let shown = '';

  async function act(method) {
    notice.textContent = '';
    if (method === 'removeActivation' && !await confirm('Remove this activation?', 'The phone can no longer be used. The user needs a new activation.', 'Remove it')) return;
    try {
      await call(method, { activationId: id }, signal);
    } catch (error) {
      notice.textContent = error.message;
    }
    await draw();
  }

  async function draw(watching) {
    const [it, { items }] = await Promise.all([call('getActivationStatus', { activationId: id }, signal, watching), call('getActivationHistory', { activationId: id }, signal, watching)]);
    if (!it.userId) throw new Error('There is no such activation.');
    const { encryptedStatusBlob, encryptedStatusBlobNonce, ...stable } = it;
    const now = JSON.stringify([stable, items]);
    // Drawn only when something changed: nobody loses the focus for nothing.
    if (now === shown) return;
    shown = now;
    const state = it.activationStatus;
    const buttons = (ACTIONS[state] ?? []).map(([method, label, kind]) => h('button', { type: 'button', className: kind, onclick: () => act(method) }, label));
    if (state !== 'REMOVED') buttons.push(h('button', { type: 'button', className: 'danger', onclick: () => act('removeActivation') }, 'Remove'));
    const code = state === 'CREATED' && it.activationCode ? h('section', { className: 'card' }, h('h2', {}, 'Activation code'), await codeCard(it, signal)) : null;
    body.replaceChildren(
      head([it.userId, ' ', chip(state)], [it.activationName ?? 'Not named yet', ' in ', it.applicationId], h('div', { className: 'actions' }, buttons)),
      ...(code ? [code] : []),
      h('div', { className: 'columns' },
        h('section', { className: 'card' }, h('h2', {}, 'Details'), facts([
          ['State', [chip(state), it.blockedReason ? ` ${REASONS[it.blockedReason] ?? it.blockedReason}` : '']],
          ['Wrong signatures', `${it.failedAttempts} of ${it.maxFailedAttempts}`],
          ['Fingerprint', it.devicePublicKeyFingerprint && h('span', {}, h('code', {}, it.devicePublicKeyFingerprint), h('span', { className: 'quiet small' }, ' also on the phone'))],
          ['Platform', [it.platform, it.deviceInfo].filter(Boolean).join(', ') || '–'],
          ['Flags', it.activationFlags.join(', ') || '–'],
          ['Created', when(it.timestampCreated)],
          ['Last used', when(it.timestampLastUsed)],
          ['Protocol', it.version ? `version ${it.version}` : '–'],
          ['Id', h('code', {}, it.activationId)],
        ])),
        h('section', { className: 'card' }, h('h2', {}, 'History'), h('ol', { className: 'timeline' }, items.map((entry) => h('li', {},
          h('div', {}, chip(entry.activationStatus), ' ', entry.eventReason ? REASONS[entry.eventReason] ?? entry.eventReason.toLowerCase().replaceAll('_', ' ') : ''),
          h('div', { className: 'when' }, when(entry.timestampCreated), entry.externalUserId ? ` by ${entry.externalUserId}` : '')))))));
  }

  await repeat(signal, EVERY, draw);
}
