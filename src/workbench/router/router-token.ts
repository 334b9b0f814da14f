import { createToken } from '../../router/gate/tokens';

const MIN_GIVEN_TOKEN_LENGTH = 32;

/**
 * A new token for one start. `THREAD_LENS_TOKEN` of the editor's environment is used when it is long enough, so that a
 * process started beside the editor can know it.
 */
export function routerToken(environment: NodeJS.ProcessEnv): string {
  const given = environment['THREAD_LENS_TOKEN'];
  return given !== undefined && given.length >= MIN_GIVEN_TOKEN_LENGTH ? given : createToken();
}
