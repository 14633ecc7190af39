// Applications and their versions.

import { chip, copy, facts, field, form, h, head } from '../dom.js';
import { call } from '../server.js';

export default async function applications(main, signal, [chosen]) {
  const name = h('input', { name: 'applicationId', required: true, maxlength: 255, placeholder: 'mobile-bank', autocomplete: 'off' });
  const list = h('div');
  main.append(
    head('Applications', 'An app that your users have on their phones. Each version has a key and a secret of its own, which the app carries.'),
    h('section', { className: 'card' }, h('h2', {}, 'New application'),
      form(async () => {
        const { applicationId } = await call('createApplication', { applicationId: name.value.trim() }, signal);
        name.value = '';
        await draw(applicationId);
      }, { label: 'Create' }, field('Name', name, 'It cannot be changed later.'))),
    list);

  async function draw(open) {
    const { applications: known } = await call('getApplicationList', {}, signal);
    const details = await Promise.all(known.map((it) => call('getApplicationDetail', { applicationId: it.applicationId }, signal)));
    list.replaceChildren(...details.map((it) => card(it, known.length === 1 || it.applicationId === open)));
    if (known.length === 0) list.append(h('p', { className: 'empty' }, 'No application yet.'));
  }

  function card(it, open) {
    const id = it.applicationId;
    const version = h('input', { required: true, maxlength: 255, autocomplete: 'off', placeholder: '2.0' });
    const served = it.versions.filter((version) => version.supported).length;
    return h('section', { className: 'card' }, h('details', { open },
      h('summary', {}, id, ' ', h('span', { className: 'quiet small' }, ` · ${served} of ${it.versions.length} version${it.versions.length === 1 ? '' : 's'} served`)),
      facts([
        ['Master public key', h('code', {}, it.masterPublicKey)],
        ['Roles', it.applicationRoles.length ? it.applicationRoles.join(', ') : '–'],
      ]),
      it.versions.map((one) => h('div', {}, h('h3', { className: 'version' }, `Version ${one.applicationVersionId} `, one.supported ? chip('served', 'good') : chip('not served', '')),
        facts([
          ['Configuration', [h('code', {}, one.mobileSdkConfig), ' ', copy(one.mobileSdkConfig)]],
          ['Key', h('code', {}, one.applicationKey)],
        ]),
        h('div', { className: 'actions' }, h('button', { type: 'button', onclick: async (event) => {
          event.target.disabled = true;
          const request = { applicationId: id, applicationVersionId: one.applicationVersionId };
          await call(one.supported ? 'unsupportApplicationVersion' : 'supportApplicationVersion', request, signal);
          await draw(id);
        } }, one.supported ? 'Stop serving it' : 'Serve it again')))),
      h('br'),
      form(async () => {
        await call('createApplicationVersion', { applicationId: id, applicationVersionId: version.value.trim() }, signal);
        await draw(id);
      }, { label: 'Add version', kind: '' }, field('New version', version))));
  }

  await draw(chosen);
}
