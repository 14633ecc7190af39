// The scenario from TypeScript.

import * as countersign from 'countersign';
import * as testing from 'countersign/testing';
import { compare, play } from '../player.mjs';

const steps: number = compare(await play(countersign, testing));
console.log(`${steps} steps`);
