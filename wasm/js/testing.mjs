// Entry for tests of hosts: the phone, and the suite for stores, in a module of their own.

import { readFileSync } from 'node:fs';
import { initSync } from '../pkg/testing.js';

initSync({ module: readFileSync(new URL('../../testing_bg.wasm', import.meta.url)) });

export { Phone, PhoneError, toEngine, toUrl } from './phone.mjs';
export { storeCases, testStore } from './suite.mjs';
