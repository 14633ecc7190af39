// Entry for Node: loads the module from the package.

import { readFileSync } from 'node:fs';
import { initSync } from '../pkg/countersign.js';

initSync({ module: readFileSync(new URL('../../countersign_bg.wasm', import.meta.url)) });

export * from './common.mjs';
