// What a route of the host's own demands of its callers.

import { expected } from './errors.mjs';
import { FACTORS } from './wire.mjs';

/** What payments should demand: phone and PIN, or phone and biometry. */
export const twoFactors = Object.freeze(['possession_knowledge', 'possession_biometry']);

/** All combinations of factors. */
export const anyFactors = Object.freeze([...FACTORS]);

const NONE = 0;
const SIGNATURE = 1;
const TOKEN = 2;
const SCOPES = new Map([['application', 1], ['activation', 2], ['userInfo', 3]]);

function bits(factors) {
  expected(Array.isArray(factors) && factors.length > 0, 'rules.factors');
  return factors.reduce((sum, name) => {
    const place = FACTORS.indexOf(name);
    expected(place >= 0, 'rules.factors');
    return sum | (1 << place);
  }, 0);
}

/** The numbers for the module; throws when no request could keep the rules, or everybody could. */
export function numbers(rules) {
  expected(typeof rules === 'object' && rules !== null, 'rules');
  const { signature, token, factors, encryption, maxBody = 0 } = rules;
  expected(Number.isInteger(maxBody) && maxBody >= 0 && maxBody <= 0x7fffffff, 'rules.maxBody');
  expected(signature === undefined || (typeof signature === 'string' && signature !== ''), 'rules.signature');
  expected(token === undefined || token === true, 'rules.token');
  expected(signature === undefined || token === undefined, 'rules');
  const scope = encryption === undefined ? NONE : SCOPES.get(encryption);
  expected(scope !== undefined, 'rules.encryption');
  if (signature === undefined && token === undefined) {
    expected(scope !== NONE, 'rules');
    expected(factors === undefined, 'rules.factors');
    return { proof: NONE, encryption: scope, factors: 0, resource: '', maxBody };
  }
  expected(scope === NONE || scope === SCOPES.get('activation'), 'rules.encryption');
  return {
    proof: token ? TOKEN : SIGNATURE,
    encryption: scope,
    factors: bits(factors),
    resource: signature ?? '',
    maxBody,
  };
}
