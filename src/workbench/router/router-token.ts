import { randomBytes } from 'node:crypto';

/** 192 bits; SECURITY 2 asks for 128 at least. */
const TOKEN_BYTES = 24;
const MIN_GIVEN_TOKEN_LENGTH = 32;

/**
 * A new token for one start. `THREAD_LENS_TOKEN` of the editor's environment is used when it is long enough, so that a
 * process started beside the editor can know it.
 */
export function routerToken(environment: NodeJS.ProcessEnv): string {
  const given = environment['THREAD_LENS_TOKEN'];
  if (given !== undefined && given.length >= MIN_GIVEN_TOKEN_LENGTH) return given;
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
