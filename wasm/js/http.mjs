// Adapter for the server of Node itself.

import { phones, serving } from './families.mjs';
import { bodyOf, failed, hold, limitOf, MAX_BODY, remember, requestOf, send } from './web.mjs';

export { phones } from './families.mjs';
export { MAX_BODY, passedOf } from './web.mjs';

/**
 * Serves API families: a listener for requests whose path begins with `prefix`. It answers whether the request was one
 * of theirs; any other was not touched.
 */
export function mount(engine, { families = phones, prefix = '' } = {}) {
  const served = serving(families);
  return async (req, res) => {
    const { url } = req;
    if (!url.startsWith(prefix) || !served(url.slice(prefix.length))) return false;
    try {
      const body = await bodyOf(req, MAX_BODY);
      send(res, await engine.handle(requestOf(req, url.slice(prefix.length), body, req.socket.remoteAddress)));
    } catch (error) {
      send(res, failed(error));
    }
    return true;
  };
}

/** A listener that lets only requests through that keep the rules: `route(req, res, passed)`. */
export function protect(engine, rules, route) {
  const limit = limitOf(engine, rules);
  return async (req, res) => {
    const passed = await judged(engine, rules, limit, req, res);
    if (passed) await route(req, res, passed);
  };
}

/** Who called; undefined when the refusal was sent. */
export async function judged(engine, rules, limit, req, res) {
  let end;
  try {
    const body = await bodyOf(req, limit);
    end = await engine.check(rules, requestOf(req, req.originalUrl ?? req.url, body, req.ip ?? req.socket.remoteAddress));
  } catch (error) {
    send(res, failed(error));
    return undefined;
  }
  if (!end.passed) {
    send(res, end.reply);
    return undefined;
  }
  end.body = Buffer.from(end.body);
  remember(req, end);
  if (end.encrypted) hold(res, end);
  return end;
}
