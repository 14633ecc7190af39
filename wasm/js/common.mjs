// What the entries for Node and for browsers both have.

export { ApiError, CountersignError, NotApplied } from './errors.mjs';
export { Call, Engine } from './engine.mjs';
export { MemoryStore } from './memory.mjs';
export { ProtocolError, protocol } from './protocol.mjs';
export { anyFactors, twoFactors } from './rules.mjs';
export { readBatch, readPassed, readQueries, readReply, writeAnswers, writeNotApplied, writeOutcome, writeRequest, writeUnknown } from './wire.mjs';
