// Runs a program for wasm32-wasip1 with Node's own WASI: `node wasi.mjs PROGRAM.wasm [ARGUMENT…]`. It sees the files of the
// machine, as a native test does.

import { readFileSync } from 'node:fs';
import { argv, cwd, env, exit } from 'node:process';
import { WASI } from 'node:wasi';

const [, , program, ...rest] = argv;
const wasi = new WASI({
  version: 'preview1',
  args: [program, ...rest],
  env: { ...env, PWD: cwd() },
  preopens: { '/': '/' },
  returnOnExit: true,
});
const module = new WebAssembly.Module(readFileSync(program));
exit(wasi.start(new WebAssembly.Instance(module, wasi.getImportObject())));
