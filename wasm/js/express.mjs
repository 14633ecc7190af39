// Adapter for Express.

import { phones, serving } from './families.mjs';
import { judged } from './http.mjs';
import { bodyOf, failed, limitOf, MAX_BODY, requestOf, send } from './web.mjs';

export { phones } from './families.mjs';
export { MAX_BODY, passedOf } from './web.mjs';

/** Middleware that serves API families: `app.use('/app', mount(engine))`, before parsers of bodies. */
export function mount(engine, { families = phones } = {}) {
  const served = serving(families);
  return async (req, res, next) => {
    if (!served(req.url)) {
      next();
      return;
    }
    try {
      const body = await bodyOf(req, MAX_BODY);
      send(res, await engine.handle(requestOf(req, req.url, body, req.ip)));
    } catch (error) {
      send(res, failed(error));
    }
  };
}

function parsed(req, body) {
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '') || body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Middleware before a route that only phones may call, and before parsers of bodies. The route finds who called, and the
 * exact bytes, with `passedOf(req)`; JSON is in `req.body`, too. A successful answer of an encrypted route is sealed.
 */
export function protect(engine, rules) {
  const limit = limitOf(engine, rules);
  return async (req, res, next) => {
    const passed = await judged(engine, rules, limit, req, res);
    if (!passed) return;
    req.body = parsed(req, passed.body);
    next();
  };
}
