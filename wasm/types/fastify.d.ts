import type { FastifyPluginAsync, onSendAsyncHookHandler, preParsingAsyncHookHandler } from 'fastify';
import type { Engine, Rules } from './index';
import type { Mounted } from './http';

export { MAX_BODY, passedOf, phones } from './http';
export type { Mounted } from './http';

/** Plugin that serves API families: `app.register(mount, { prefix: '/app', engine })`. */
export const mount: FastifyPluginAsync<{ engine: Engine; families?: readonly Mounted[] }>;

/**
 * Options of a route that only phones may call. The handler finds who called, and the exact bytes, with
 * `passedOf(request)`; its body is what was encrypted. A successful answer of an encrypted route is sealed.
 */
export function protect(
  engine: Engine,
  rules: Rules,
): { preParsing: preParsingAsyncHookHandler; onSend: onSendAsyncHookHandler<unknown> };
