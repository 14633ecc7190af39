import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine, Passed, Rules } from './index';

/** A group of endpoints, by their paths. */
export type Mounted = 'standard' | 'mobile' | 'server' | 'cloud' | 'admin' | 'inbox';

/** What phones call, and nothing else: the part that belongs on the internet. */
export const phones: readonly ['standard', 'mobile'];

/** Longest body of a request that the engine looks at, in bytes; longer ones are answered with status 413. */
export const MAX_BODY: 65536;

/** Who sent a request to a protected route, and what was in it; undefined for any other. */
export function passedOf(request: object): Passed<Buffer> | undefined;

/** Serves API families below `prefix`. The listener resolves to false for a request that is not of theirs, untouched. */
export function mount(
  engine: Engine,
  options?: { families?: readonly Mounted[]; prefix?: string },
): (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/** A listener that lets only requests through that keep the rules. A successful answer of an encrypted route is sealed. */
export function protect(
  engine: Engine,
  rules: Rules,
  route: (req: IncomingMessage, res: ServerResponse, passed: Passed<Buffer>) => void | Promise<void>,
): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
