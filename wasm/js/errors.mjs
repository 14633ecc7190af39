// Errors, and the only way into Rust.

/**
 * A call that did not work. What the engine answers, a refusal too, is a reply and not an error.
 *
 * `code` is stable: `argument`, `malformed`, `unexpected`, `finished`, `nothing_to_seal`, `stale_handle`, `busy`,
 * `store_open`, `panic`, `internal` (the names of the C interface's results, where both have them).
 */
export class CountersignError extends Error {
  /** @param {string} code @param {string} message @param {ErrorOptions} [options] */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'CountersignError';
    this.code = code;
  }
}

/** A refusal of a typed method. `code` is that of the API, such as ERR0009; docs/openapi lists them. */
export class ApiError extends CountersignError {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(code, message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** A store rejects `commit` with this when certainly nothing was written. */
export class NotApplied extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'NotApplied';
  }
}

/**
 * Makes what runs calls into one module. After a trap the module's memory may be in any state: nothing is called
 * any more.
 */
export function guard() {
  let broken = false;
  return (call) => {
    if (broken) throw new CountersignError('panic', 'the module has failed; load it again');
    try {
      return call();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        broken = true;
        throw new CountersignError('panic', 'a defect of the library was contained', { cause: error });
      }
      if (typeof error?.code === 'string') throw new CountersignError(error.code, error.message);
      throw new CountersignError('internal', 'a defect of the library', { cause: error });
    }
  };
}

/** The way into the engine's module. */
export const guarded = guard();

/** The way into the module for tests. */
export const guardedTest = guard();

/** Frees something of Rust. After a defect there is nothing left to free. */
export function released(way, work) {
  try {
    way(work);
  } catch {
    // The caller hears of the defect from what it asks next.
  }
}

/** Throws unless `fits`. */
export function expected(fits, name) {
  if (!fits) throw new CountersignError('argument', `an argument has an impossible value: ${name}`);
}

/** Runs what writes a message of arguments: what cannot be written is an argument's fault. */
export function written(write, name) {
  try {
    return write();
  } catch (error) {
    throw new CountersignError('argument', `an argument has an impossible value: ${name}`, { cause: error });
  }
}
