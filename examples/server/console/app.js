// The frame: who is logged in, which page is shown.

import { field, form, h } from './dom.js';
import { login, logout, resume, session } from './server.js';
import activation from './pages/activation.js';
import activations from './pages/activations.js';
import applications from './pages/applications.js';
import audit from './pages/audit.js';
import callbacks from './pages/callbacks.js';
import operations from './pages/operations.js';
import overview from './pages/overview.js';
import templates from './pages/templates.js';

/** Address, name in the menu, and what builds it. */
const PAGES = [
  ['', 'Overview', overview],
  ['applications', 'Applications', applications],
  ['activations', 'Activations', activations],
  ['operations', 'Operations', operations],
  ['templates', 'Templates', templates],
  ['callbacks', 'Callbacks', callbacks],
  ['audit', 'Audit', audit],
];
const root = document.getElementById('root');
let leaving = new AbortController();

function showLogin(text) {
  leaving.abort();
  document.title = 'Log in · Countersign';
  const user = h('input', { name: 'user', autocomplete: 'username', required: true, value: 'admin', maxlength: 255 });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  root.replaceChildren(h('div', { className: 'login' }, h('main', {},
    h('div', { className: 'brand' }, h('img', { src: 'icon.svg', alt: '' }), 'Countersign'),
    h('div', { className: 'card' },
      h('h1', {}, 'Console'),
      h('p', { className: 'quiet small' }, text ?? 'The administrator’s credentials are in the file that the server wrote at its first start.'),
      h('br'),
      form(async () => {
        await login(user.value, password.value);
        start();
      }, { label: 'Log in' }, field('User', user), field('Password', password))))));
  password.focus();
}

function frame() {
  const main = h('main', { id: 'main', tabindex: -1 });
  const links = PAGES.map(([address, name]) => h('li', {}, h('a', { href: `#/${address}` }, name)));
  const skip = h('a', { href: '#main', className: 'skip', onclick: (event) => { event.preventDefault(); main.focus(); } }, 'Skip to content');
  root.replaceChildren(skip, h('div', { className: 'shell' },
    h('header', { className: 'side' },
      h('a', { className: 'brand', href: '#/' }, h('img', { src: 'icon.svg', alt: '' }), 'Countersign'),
      h('nav', { 'aria-label': 'Pages' }, h('ul', {}, links)),
      h('div', { className: 'foot' },
        session.phone && h('a', { href: '/phone/', target: '_blank', rel: 'noopener' }, 'Phone'),
        h('span', { className: 'user' }, session.user),
        h('button', { type: 'button', className: 'plain', onclick: async () => { await logout().catch(() => {}); showLogin('You are logged out.'); } }, 'Log out'))),
    main));
}

async function show() {
  if (!session.csrf) return;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [address = '', ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const page = address === 'activation' ? ['activations', 'Activation', activation] : PAGES.find(([known]) => known === address) ?? PAGES[0];
  for (const link of document.querySelectorAll('.side nav a')) {
    const current = link.getAttribute('href') === `#/${page[0]}`;
    if (current) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'center' });
    } else link.removeAttribute('aria-current');
  }
  document.title = `${page[1]} · Countersign`;
  const main = document.getElementById('main');
  main.replaceChildren();
  try {
    await page[2](main, signal, rest);
  } catch (error) {
    if (signal.aborted) return;
    main.append(h('p', { className: 'notice bad', role: 'alert' }, error.message));
  }
}

function start() {
  frame();
  show();
}

addEventListener('hashchange', () => {
  show();
  document.getElementById('main')?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
addEventListener('countersign-over', () => showLogin('The session is over. Log in again.'));

resume().then((known) => (known ? start() : showLogin()), (error) => showLogin(error.message));
