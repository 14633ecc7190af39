// The same package, required.

import countersign = require('countersign');
import testing = require('countersign/testing');

const engine: countersign.Engine = new countersign.Engine({
  sealingKey: { id: 1, key: new Uint8Array(32) },
  store: new countersign.MemoryStore(),
});
const names: string[] = testing.storeCases().map((it: testing.StoreCase) => it.name);
if (names.length < 30) throw new Error('cases are missing');
engine.free();
