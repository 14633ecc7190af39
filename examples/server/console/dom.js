// Building pages out of elements; no text ever becomes markup.

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child);
  }
  return element;
}

/** An element with its attributes, listeners (`onclick`) and children. */
export const h = (name, properties, ...children) => fill(document.createElement(name), properties, children);

/** The same for drawings. */
export const s = (name, properties, ...children) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', name), properties, children);

let ids = 0;

/** A control with its label and maybe a hint. */
export function field(label, control, hint) {
  control.id ||= `f${++ids}`;
  const text = hint && h('span', { className: 'hint', id: `${control.id}-hint` }, hint);
  if (text) control.setAttribute('aria-describedby', text.id);
  return h('div', { className: 'field' }, h('label', { for: control.id }, label), control, text);
}

export function select(options, value) {
  const control = h('select', {}, options.map(([key, text]) => h('option', { value: key }, text)));
  control.value = value ?? options[0]?.[0] ?? '';
  return control;
}

export const head = (title, text, ...more) =>
  h('div', { className: 'head' }, h('div', {}, h('h1', {}, title), text && h('p', {}, text)), more);

export const facts = (pairs) =>
  h('dl', { className: 'facts' }, pairs.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value ?? '–')]));

const KINDS = {
  ACTIVE: 'good', APPROVED: 'good', CREATED: 'calm', PENDING: 'calm', PENDING_COMMIT: 'warn', EXPIRED: 'warn',
  BLOCKED: 'bad', FAILED: 'bad', REJECTED: 'bad', REMOVED: '', CANCELED: '',
};

/** A state in a word and a colour. */
export const chip = (state, kind = KINDS[state] ?? '') =>
  h('span', { className: `chip ${kind}` }, String(state).toLowerCase().replaceAll('_', ' '));

const parse = (moment) => new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(String(moment)) || typeof moment === 'number' ? moment : `${moment}Z`);
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const STEPS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

/** A moment, as far away as it is; exactly on hovering. */
export function when(moment) {
  if (!moment) return '–';
  const date = parse(moment);
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS[3];
  const exact = ABSOLUTE.format(date);
  const far = Math.abs(seconds) > 6 * 86_400;
  const text = far ? exact : Math.abs(seconds) < 5 ? 'now' : RELATIVE.format(Math.trunc(seconds / size), unit);
  return h('time', { datetime: date.toISOString(), title: exact, className: 'nowrap' }, text);
}

/** A table; on narrow screens each row stands alone, with the labels of its cells. */
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return h('p', { className: 'empty' }, empty);
  const header = columns.map((it) => h('th', { scope: 'col', className: it.className }, it.label || h('span', { className: 'hidden-text' }, 'Actions')));
  return h('table', { className: 'stack' },
    h('caption', { className: 'hidden-text' }, caption),
    h('thead', {}, h('tr', {}, header)),
    h('tbody', {}, rows.map(({ cells, href, fresh }) => {
      const row = h('tr', { className: [href && 'link', fresh && 'fresh'].filter(Boolean).join(' ') },
        cells.map((cell, at) => h('td', { className: columns[at].className, 'data-label': columns[at].lead ? undefined : columns[at].label }, cell)));
      // The link inside is for the keyboard; the row is a larger target for the mouse.
      if (href) row.addEventListener('click', (event) => { if (!event.target.closest('a, button') && !getSelection().toString()) location.hash = href; });
      return row;
    })));
}

/** A form whose button waits, and whose mistakes are told. */
export function form(submit, { label, className, kind = 'primary', beside }, ...children) {
  const notice = h('p', { className: 'notice bad', role: 'alert' });
  const button = h('button', { type: 'submit', className: kind }, label);
  const element = h('form', { className, novalidate: false }, children, notice, h('div', { className: 'actions' }, button, beside));
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    notice.textContent = '';
    try {
      await submit(element);
    } catch (error) {
      notice.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
  return element;
}

/** Asks before something that is not undone. */
export function confirm(title, text, label) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title' }, h('h2', { id: 'confirm-title' }, title), h('p', { className: 'quiet' }, text),
      h('form', { method: 'dialog' }, h('div', { className: 'actions' },
        h('button', { type: 'submit', value: 'no', autofocus: true }, 'Keep it'), h('button', { type: 'submit', value: 'yes', className: 'danger' }, label))));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A drawing of a QR code: its size and the path of its dark modules. */
export function qr({ size, path }, label) {
  const edge = size + 8;
  return s('svg', { viewBox: `-4 -4 ${edge} ${edge}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' },
    s('rect', { x: -4, y: -4, width: edge, height: edge, fill: '#fff' }), s('path', { d: path, fill: '#000' }));
}

/** A button that copies a text. */
export function copy(text, label = 'Copy') {
  const button = h('button', { type: 'button', className: 'plain small', onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed';
    }
    setTimeout(() => { button.textContent = label; }, 1500);
  } }, label);
  return button;
}
