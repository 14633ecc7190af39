export * from './index.js';

/** Loads the module, from beside the package unless told otherwise. Await it before anything else. */
export function load(source?: string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module): Promise<void>;
