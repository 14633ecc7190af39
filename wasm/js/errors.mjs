// Errors, and the only way into Rust.

/**
 * A call that did not work. What the engine answers, a refusal too, is a reply and not an error.
 *
 * `code` is stable: `argument`, `malformed`, `unexpected`, `finished`, `stale_handle`, `busy`, `panic`,
 * `internal` (the names of the C interface's results, where both have them).
 */
export class CountersignError extends Error {
  /** @param {string} code @param {string} message @param {ErrorOptions} [options] */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'CountersignError';
    this.code = code;
  }
}

/** A store rejects `commit` with this when certainly nothing was written. */
export class NotApplied extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'NotApplied';
  }
}

let broken = false;

/**
 * Runs a call into Rust. After a trap the module's memory may be in any state: nothing is called any
 * more.
 */
export function guarded(call) {
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
}

/** Throws unless `fits`. */
export function expected(fits, name) {
  if (!fits) throw new CountersignError('argument', `an argument has an impossible value: ${name}`);
}
