// What the server is asked.

export const session = { user: null, csrf: null, phone: false };

/** The server said no, or cannot. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

const WORDS = {
  ERR0021: 'The state does not allow this.',
  ERR0009: 'There is no such activation.',
};

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, 'OFFLINE', 'The server cannot be reached.');
  }
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // Told by the status below.
  }
  if (response.ok) return body;
  const { code = '', message } = body?.responseObject ?? {};
  if (response.status === 401 && session.csrf && !path.endsWith('/login')) {
    session.csrf = null;
    dispatchEvent(new Event('countersign-over'));
  }
  throw new Refusal(response.status, code, WORDS[code] ?? message ?? `The server answered ${response.status}.`);
}

const post = (path, body, signal, watching) => ask(path, {
  method: 'POST',
  signal,
  headers: { 'content-type': 'application/json', ...(session.csrf && { 'x-csrf-token': session.csrf }), ...(watching && { 'x-watching': '1' }) },
  body: JSON.stringify(body ?? {}),
});

/** A method of the API, or a view of the console. `watching`: nobody asked, so that the session does not last longer. */
export async function call(name, body, signal, watching) {
  return (await post(`/console/api/${name}`, body, signal, watching))?.responseObject;
}

/** Does `work` now, and again and again as long as the page is shown. */
export async function repeat(signal, millis, work) {
  await work(false);
  const timer = setInterval(() => { if (!document.hidden) work(true).catch(() => {}); }, millis);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** Scripts do not see the cookie; this remembers that there may be one. */
const HINT = 'countersign-console';

/** Whether somebody is logged in. */
export async function resume() {
  if (!localStorage.getItem(HINT)) return false;
  try {
    Object.assign(session, await ask('/console/session'));
    return true;
  } catch (error) {
    if (error.status !== 401) throw error;
    localStorage.removeItem(HINT);
    return false;
  }
}

export async function login(user, password) {
  Object.assign(session, await post('/console/login', { user, password }));
  localStorage.setItem(HINT, 'open');
  await resume();
}

export async function logout() {
  try {
    await post('/console/logout');
  } finally {
    session.csrf = null;
    localStorage.removeItem(HINT);
  }
}
