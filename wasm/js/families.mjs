// Groups of endpoints, by their paths.

import { expected } from './errors.mjs';

// The first that fits counts.
const PREFIXES = [
  ['/pa/', 'standard'],
  ['/api/admin/', 'admin'],
  ['/api/', 'mobile'],
  ['/rest/', 'server'],
  ['/powerauth-java-server/', 'server'],
  ['/v2/', 'cloud'],
  ['/audit/', 'cloud'],
  ['/internal/', 'cloud'],
  ['/admin/applications', 'cloud'],
  ['/admin/', 'admin'],
  ['/inbox', 'inbox'],
];

/** What phones call, and nothing else: the part that belongs on the internet. */
export const phones = Object.freeze(['standard', 'mobile']);

/** Whether a path, as received, is of one of the families. */
export function serving(families) {
  const known = new Set(PREFIXES.map(([, family]) => family));
  expected(Array.isArray(families) && families.length > 0 && families.every((it) => known.has(it)), 'families');
  const served = new Set(families);
  return (path) => served.has(PREFIXES.find(([prefix]) => path.startsWith(prefix))?.[1]);
}
