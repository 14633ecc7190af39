// Entry for browsers, where the module comes over the network: `await load()` before anything else.

import init from '../pkg/countersign.js';

export * from './common.mjs';

let loading;

/** Loads the module, from beside the package unless told otherwise; once is enough. */
export function load(source = new URL('../../countersign_bg.wasm', import.meta.url)) {
  loading ??= init({ module_or_path: source }).then(() => {});
  return loading;
}
