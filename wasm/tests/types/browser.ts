// The entry for pages, as a bundler sees it.

import { Engine, load, MemoryStore } from 'countersign';

await load('/countersign_bg.wasm');
await load();
new Engine({ sealingKey: { id: 1, key: new Uint8Array(32) }, store: new MemoryStore() }).free();
