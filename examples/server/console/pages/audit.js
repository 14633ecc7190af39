// Who verified what; and whether anybody tampered with the journal.

import { chip, field, form, h, head, table, when } from '../dom.js';
import { call } from '../server.js';

const COLUMNS = [{ label: 'When', lead: true }, { label: 'Outcome' }, { label: 'Note' }, { label: 'Factors' }, { label: 'Application' }, { label: 'Activation' }];

export default async function audit(main, signal) {
  const outcome = h('div', { 'aria-live': 'polite' });
  const found = h('div', { 'aria-live': 'polite' });
  const user = h('input', { type: 'search', required: true, maxlength: 255, placeholder: 'alice', autocomplete: 'off' });
  main.append(head('Audit', 'Every change leaves an entry, chained to the one before. An entry that was edited, dropped, inserted or moved breaks its chain.'),
    h('section', { className: 'card' }, h('h2', {}, 'Chains'), form(verify, { label: 'Verify all chains' }), outcome),
    h('section', { className: 'card' }, h('h2', {}, 'Signatures of a user'), form(list, { label: 'Show', kind: '' }, field('User', user))), found);

  async function verify() {
    outcome.replaceChildren(h('p', { className: 'quiet' }, 'Verifying …'));
    const it = await call('verifyAudit', {}, signal).catch((error) => { outcome.replaceChildren(); throw error; });
    if (it.state === 'busy') return outcome.replaceChildren(h('p', { className: 'notice warn' }, 'Somebody else verifies right now. Try again in a moment.'));
    if (it.state === 'tooLarge') return outcome.replaceChildren(h('p', { className: 'notice warn' }, `It takes longer than ${it.seconds} seconds here. Run countersign-server verify-audit instead.`));
    const sum = `${it.chains} chains with ${it.entries} entries in ${it.millis} ms`;
    if (it.broken === 0) return outcome.replaceChildren(h('br'), h('p', { className: 'notice good' }, `Sound: ${sum}.`));
    const rows = it.findings.map((finding) => ({ cells: [finding.kind, h('code', {}, finding.id), String(finding.number), finding.defect] }));
    outcome.replaceChildren(h('br'), h('p', { className: 'notice bad' }, `${it.broken} broken of ${sum}.`),
      table('Broken chains', [{ label: 'Kind', lead: true }, { label: 'Id' }, { label: 'Entry' }, { label: 'Defect' }], rows, ''));
    return undefined;
  }

  async function list() {
    const { items } = await call('getSignatureAuditLog', { userId: user.value.trim() }, signal);
    const rows = items.slice(0, 200).map((it) => ({ cells: [
      when(it.timestampCreated), it.valid ? chip('valid', 'good') : chip('invalid', 'bad'), it.note.toLowerCase().replaceAll('_', ' '),
      it.signatureType.toLowerCase().replaceAll('_', ' + '), it.applicationId, h('a', { href: `#/activation/${it.activationId}` }, it.activationId.slice(0, 8))] }));
    found.replaceChildren(h('section', { className: 'card flush' }, h('h2', {}, `Signatures of ${user.value.trim()}`), table('Signatures', COLUMNS, rows, 'No signature was verified.')));
  }
}
