import { createRequire } from 'node:module';
import type * as recordings from './recordings';

export type Recordings = typeof recordings;

/** Loads the bundle for recordings that lies beside the router's. @throws when it is not there. */
export function loadRecordings(): Recordings {
  return createRequire(__filename)('./recordings.js') as Recordings;
}
