import { describeValue } from '../../core/index';
import { parseOrigin } from '../gate/origins';
import { tokenProblem } from '../gate/tokens';
import { UsageError } from './command';

/** The number of `--port`. @throws {UsageError} */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port: expected a number from 0 to 65535, received ${describeValue(text)}`);
  return port;
}

/** What `--allow-origin` names. @throws {UsageError} for what is no origin */
export function readOrigins(origins: readonly string[]): readonly string[] {
  const wrong = origins.find((origin) => !parseOrigin(origin));
  if (wrong !== undefined) throw new UsageError(`--allow-origin: expected an origin such as http://localhost:3000, received ${describeValue(wrong)}`);
  return origins;
}

/** `--token` of what is started; undefined for a new one. @throws {UsageError} for one that is too weak, which is not repeated */
export function readToken(token: string | undefined): string | undefined {
  const problem = token === undefined ? undefined : tokenProblem(token);
  if (problem !== undefined) throw new UsageError(`--token: ${problem}`);
  return token;
}

/** `--token` of what is asked, or the environment variable that keeps it out of the list of processes. */
export function givenToken(option: string | undefined): string | undefined {
  return option ?? process.env['THREAD_LENS_TOKEN'];
}
