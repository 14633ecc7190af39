// A phone in a page: for trying the whole thing out with two windows and no telephone.

import { Phone } from './phone.mjs';

const EVERY = 2_500;
const main = document.getElementById('main');

function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key === 'className' ? 'class' : key, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((it) => it !== undefined && it !== null && it !== false));
  return element;
}

let ids = 0;
function field(label, control) {
  control.id ||= `f${++ids}`;
  return h('div', { className: 'field' }, h('label', { for: control.id }, label), control);
}

const pinInput = (autocomplete = 'off') => h('input', { type: 'password', inputmode: 'numeric', minlength: 4, maxlength: 32, required: true, autocomplete });

function explain(error) {
  if (error.kind === 'refused') {
    if (error.code === 'ERR_ACTIVATION') return 'The server did not accept the code. It may be used up or too old.';
    if (error.status === 401) return 'The server refused the signature. Is the PIN right?';
    return `The server refused it (${error.code ?? error.status}).`;
  }
  if (error.kind === 'scan') return 'This is not for this phone, or it was mistyped.';
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}

const CHIPS = { ACTIVE: 'good', BLOCKED: 'bad', REMOVED: 'bad', PENDING_COMMIT: 'warn', CREATED: 'warn' };
const WORDS = {
  PENDING_COMMIT: 'The bank has to confirm this phone. In the console: open the activation, and commit it.',
  BLOCKED: 'Too many wrong PINs, or the bank has blocked this phone. It cannot approve anything until the bank unblocks it.',
  REMOVED: 'The bank has removed this phone.',
};

class Page {
  #phone;
  #timer;
  #shown = '';
  /** What a person is just doing: nothing is redrawn meanwhile. */
  #busy = false;
  /** Told once, over the list. */
  #message = null;

  static async open() {
    const page = new Page();
    page.#phone = await Phone.open();
    addEventListener('hashchange', () => page.#start());
    page.#start();
  }

  /** A link of the console carries configuration and code. */
  #start() {
    const given = new URLSearchParams(location.hash.slice(1));
    // Codes do not stay in the history.
    if (location.hash) history.replaceState(null, '', location.pathname);
    clearInterval(this.#timer);
    this.#shown = '';
    if (given.has('config') || !this.#phone.activated) this.#showActivation(given.get('config') ?? '', given.get('code') ?? '');
    else this.#follow();
  }

  #showActivation(config, code) {
    const inputs = {
      config: h('textarea', { required: true, spellcheck: 'false' }),
      code: h('input', { required: true, autocomplete: 'off', autocapitalize: 'characters', placeholder: 'XXXXX-XXXXX-XXXXX-XXXXX', maxlength: 255 }),
      name: h('input', { maxlength: 60, autocomplete: 'off' }),
      pin: pinInput('new-password'),
    };
    inputs.config.value = config;
    inputs.code.value = code;
    inputs.name.value = 'Browser phone';
    const notice = h('p', { className: 'notice', role: 'alert' });
    const button = h('button', { className: 'primary', type: 'submit' }, 'Activate');
    const form = h('form', { onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      notice.textContent = '';
      try {
        await this.#phone.activate({ mobileSdkConfig: inputs.config.value.trim(), code: inputs.code.value.trim(), pin: inputs.pin.value, name: inputs.name.value.trim() });
        this.#follow();
      } catch (error) {
        notice.textContent = explain(error);
        button.disabled = false;
      }
    } },
    field('Activation code', inputs.code), field('Name of this phone', inputs.name), field('New PIN, at least 4 digits', inputs.pin),
    h('details', { open: !config }, h('summary', {}, 'Configuration of the app'), field('From the console, under Applications', inputs.config)),
    notice, button);
    const warning = this.#phone.activated && h('p', { className: 'alert' }, 'This browser is activated already. A new activation takes its place.');
    main.replaceChildren(h('h1', {}, 'Activate this phone'), ...(warning ? [warning] : []), form,
      h('p', { className: 'quiet small' }, 'A phone for trying things out: its keys are in this browser.'));
    (code ? inputs.pin : inputs.code).focus();
  }

  #follow() {
    this.#shown = '';
    this.#busy = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#refresh(), EVERY);
    this.#refresh();
  }

  async #refresh() {
    if (this.#busy || document.hidden) return;
    let view;
    try {
      const status = await this.#phone.status();
      let operations = [];
      if (status.status === 'ACTIVE') ({ operations } = await this.#phone.list());
      view = { status, operations };
    } catch (error) {
      view = { trouble: explain(error) };
    }
    const now = JSON.stringify([view, this.#message]);
    // Somebody may have begun to type meanwhile.
    if (now === this.#shown || this.#busy || main.contains(document.activeElement) && document.activeElement.matches('input, textarea')) return;
    this.#shown = now;
    this.#draw(view);
  }

  #draw({ trouble, status, operations }) {
    const message = this.#message && h('p', { className: `notice ${this.#message.kind}`, role: 'status' }, this.#message.text);
    if (trouble) {
      main.replaceChildren(h('h1', {}, 'Phone'), h('p', { className: 'notice', role: 'alert' }, trouble), this.#more());
      return;
    }
    const state = status.status;
    const attempts = state === 'ACTIVE' && status.failedAttempts > 0
      && h('p', { className: 'alert' }, `${status.remainingAttempts} attempts are left before this phone is blocked.`);
    const body = state !== 'ACTIVE' ? h('p', { className: 'alert' }, WORDS[state] ?? state)
      : operations.length === 0 ? h('p', { className: 'empty' }, 'Nothing to approve.') : operations.map((it) => this.#operation(it));
    main.replaceChildren(...[
      h('header', {}, h('h1', {}, 'To approve'), h('span', { className: `chip ${CHIPS[state] ?? ''}` }, state.toLowerCase().replace('_', ' '))),
      message, attempts, body, state === 'ACTIVE' && this.#offline(), this.#more(status.fingerprint, state),
    ].flat().filter(Boolean));
  }

  #operation(it) {
    const { title, message, attributes } = it.formData;
    const pin = pinInput();
    const notice = h('p', { className: 'notice', role: 'alert' });
    const buttons = [h('button', { type: 'button' }, 'Reject'), h('button', { type: 'submit', className: 'primary' }, 'Approve')];
    const act = async (work, said) => {
      this.#busy = true;
      for (const button of buttons) button.disabled = true;
      notice.textContent = '';
      try {
        await work();
        this.#message = { kind: 'good', text: said };
        setTimeout(() => { this.#message = null; }, 6_000);
        pin.blur();
        this.#follow();
      } catch (error) {
        this.#busy = false;
        pin.value = '';
        // What has the focus is not redrawn.
        pin.blur();
        const state = await this.#phone.status().catch(() => null);
        if (state?.status !== 'ACTIVE') return this.#follow();
        notice.textContent = `${explain(error)}${state.failedAttempts ? ` ${state.remainingAttempts} attempts are left.` : ''}`;
        for (const button of buttons) button.disabled = false;
        pin.focus();
      }
      return undefined;
    };
    buttons[0].addEventListener('click', () => act(() => this.#phone.reject(it), 'Rejected.'));
    const lines = attributes.map((row) => {
      if (row.type === 'ALERT') return h('p', { className: 'alert' }, row.title ?? row.label, row.message ? `: ${row.message}` : '');
      const value = row.valueFormatted ?? row.value ?? row.note ?? row.partyInfo?.name ?? '';
      return h('dl', { className: 'line' }, h('dt', {}, row.label), h('dd', {}, value));
    });
    return h('article', { className: 'card', 'aria-label': title }, h('h2', {}, title), h('p', {}, message), lines,
      h('form', { onsubmit: (event) => { event.preventDefault(); act(() => this.#phone.approve(it, pin.value), 'Approved.'); } },
        field('PIN', pin), notice, h('div', { className: `pair${it.ui?.flipButtons ? ' flip' : ''}` }, buttons)));
  }

  #offline() {
    const payload = h('textarea', { required: true, spellcheck: 'false' });
    const pin = pinInput();
    const answer = h('div', { role: 'status' });
    return h('details', { ontoggle: (event) => { this.#busy = event.target.open; } }, h('summary', {}, 'Approve without a connection'),
      h('form', { onsubmit: async (event) => {
        event.preventDefault();
        try {
          const { grouped, title, message } = await this.#phone.offline(payload.value, pin.value);
          answer.replaceChildren(h('p', {}, `${title}: ${message}`), h('p', { className: 'digits' }, grouped));
        } catch (error) {
          answer.replaceChildren(h('p', { className: 'notice' }, explain(error)));
        }
        pin.value = '';
      } }, field('Text of the QR code', payload), field('PIN', pin), answer, h('button', { className: 'primary', type: 'submit' }, 'Show the code')));
  }

  #more(fingerprint, state) {
    return h('details', { ontoggle: (event) => { this.#busy = event.target.open; } }, h('summary', {}, 'This phone'),
      h('div', { className: 'card' },
        fingerprint && h('p', {}, h('span', { className: 'quiet' }, 'Fingerprint, also in the console: '), h('code', {}, fingerprint)),
        h('button', { type: 'button', className: 'danger', onclick: async () => {
          if (state === 'ACTIVE') await this.#phone.remove().catch(() => this.#phone.forget());
          else await this.#phone.forget();
          this.#busy = false;
          this.#start();
        } }, 'Remove the activation')));
  }
}

Page.open().catch((error) => {
  main.replaceChildren(h('h1', {}, 'Phone'), h('p', { className: 'notice', role: 'alert' }, `The phone does not start: ${error.message}`));
});
