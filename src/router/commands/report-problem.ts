import { systemCode } from '../system-code';
import { EXIT, say } from './command';

/** Says what went wrong, and answers the exit code: errors that name a reason are about arguments, a file or a target. */
export function reportProblem(error: unknown): number {
  if (!(error instanceof Error)) throw error;
  if (systemCode(error) === 'EADDRINUSE') say('the port is in use: expected a free port; --port 0 picks one');
  else say(error.message);
  return 'reason' in error && error.reason !== 'internal' ? EXIT.usage : EXIT.failed;
}
