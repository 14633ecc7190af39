// Entry for Node: loads the module from the file beside it.

import { readFileSync } from 'node:fs';
import { initSync } from '../pkg/countersign.js';

initSync({ module: readFileSync(new URL('../pkg/countersign_bg.wasm', import.meta.url)) });

export { CountersignError, NotApplied } from './errors.mjs';
export { Call, Engine } from './engine.mjs';
export { MemoryStore } from './memory.mjs';
export { readBatch, readQueries, readReply, writeAnswers, writeNotApplied, writeOutcome, writeUnknown } from './wire.mjs';
