import { parseArgs } from 'node:util';
import { describeValue, DIALECTS, type Dialect } from '../core/index';
import { isLoopbackAddress } from './gate/host-header';
import { parseOrigin } from './gate/origins';
import { tokenProblem } from './gate/tokens';
import { isDialect } from './inspection/inspection-request';

export const USAGE = `Usage: node router.js [options]

Routes agent events to WebSocket clients by thread, locally.

  --host ADDRESS        address to listen on (default 127.0.0.1)
  --expose              confirm a host other than loopback; every path then needs the token
  --port PORT           0 picks a free port (default 0)
  --token TOKEN         token of agents, HTTP and inspectors (default: a new one)
  --store FILE          keep registry and undelivered events in this file (default: in memory)
  --allow-origin ORIGIN let pages of this origin connect; may be repeated
  --dialect NAME        ${DIALECTS.join(', ')} (default fix)
  --json                print {"url","port","token","pid"} as the first line
  --help, --version
`;

export interface CliOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly store: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly dialect: Dialect;
  readonly json: boolean;
}

/** Of what Node says about an argument, which it repeats as a whole. */
const LONGEST_MESSAGE = 300;

/** The command line is not usable; the message says what was expected and received. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly reason = 'usage';
}

/** Reads the command line. @throws {UsageError} */
export function readArguments(args: readonly string[]): CliOptions | 'help' | 'version' {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        host: { type: 'string', default: '127.0.0.1' },
        expose: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        token: { type: 'string' },
        store: { type: 'string' },
        'allow-origin': { type: 'string', multiple: true, default: [] },
        dialect: { type: 'string', default: 'fix' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE));
  }
  if (values.help) return 'help';
  if (values.version) return 'version';
  const { host, token, store, dialect, json } = values;
  const allowedOrigins = values['allow-origin'];
  if (host === '') throw new UsageError('--host: expected an address, received an empty one');
  if (!isLoopbackAddress(host) && !values.expose) {
    throw new UsageError(`--host: expected a loopback address, received ${describeValue(host)}; add --expose to let other machines reach the router`);
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port: expected a number from 0 to 65535, received ${describeValue(values.port)}`);
  if (!isDialect(dialect)) throw new UsageError(`--dialect: expected one of ${DIALECTS.join(', ')}, received ${describeValue(dialect)}`);
  const problem = token === undefined ? undefined : tokenProblem(token);
  if (problem !== undefined) throw new UsageError(`--token: ${problem}`);
  if (store === '') throw new UsageError('--store: expected a file, received an empty name');
  for (const origin of allowedOrigins) {
    if (!parseOrigin(origin)) throw new UsageError(`--allow-origin: expected an origin such as http://localhost:3000, received ${describeValue(origin)}`);
  }
  return { host, port, token, store, allowedOrigins, dialect, json };
}
