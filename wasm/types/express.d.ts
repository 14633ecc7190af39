import type { RequestHandler } from 'express';
import type { Engine, Rules } from './index';
import type { Mounted } from './http';

export { MAX_BODY, passedOf, phones } from './http';
export type { Mounted } from './http';

/** Middleware that serves API families: `app.use('/app', mount(engine))`, before parsers of bodies. */
export function mount(engine: Engine, options?: { families?: readonly Mounted[] }): RequestHandler;

/**
 * Middleware before a route that only phones may call, and before parsers of bodies. The route finds who called, and the
 * exact bytes, with `passedOf(req)`; JSON is in `req.body`, too. A successful answer of an encrypted route is sealed.
 */
export function protect(engine: Engine, rules: Rules): RequestHandler;
