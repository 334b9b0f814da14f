import { DIALECTS, type Dialect } from '../../core/index';
import { isLoopbackAddress } from '../gate/host-header';
import { parseOrigin } from '../gate/origins';
import { tokenProblem } from '../gate/tokens';
import { isDialect } from '../inspection/inspection-request';
import { readOptions, UsageError } from './command';

export const SERVE_USAGE = `Usage: node router.js [serve] [options]

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

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly store: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly dialect: Dialect;
  readonly json: boolean;
}

/** Reads the arguments. @throws {UsageError} */
export function readServeArguments(args: readonly string[]): ServeOptions {
  const { values } = readOptions(args, {
    host: { type: 'string', default: '127.0.0.1' },
    expose: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    store: { type: 'string' },
    'allow-origin': { type: 'string', multiple: true, default: [] },
    dialect: { type: 'string', default: 'fix' },
    json: { type: 'boolean', default: false },
  });
  const { host, token, store, dialect, json } = values;
  const allowedOrigins = values['allow-origin'];
  if (host === '') throw new UsageError('--host: expected an address, received an empty one');
  if (!isLoopbackAddress(host) && !values.expose) {
    throw new UsageError(`--host: expected a loopback address, received ${host}; add --expose to let other machines reach the router`);
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port: expected a number from 0 to 65535, received ${JSON.stringify(values.port)}`);
  if (!isDialect(dialect)) throw new UsageError(`--dialect: expected one of ${DIALECTS.join(', ')}, received ${JSON.stringify(dialect)}`);
  const problem = token === undefined ? undefined : tokenProblem(token);
  if (problem !== undefined) throw new UsageError(`--token: ${problem}`);
  if (store === '') throw new UsageError('--store: expected a file, received an empty name');
  for (const origin of allowedOrigins) {
    if (!parseOrigin(origin)) throw new UsageError(`--allow-origin: expected an origin such as http://localhost:3000, received ${JSON.stringify(origin)}`);
  }
  return { host, port, token, store, allowedOrigins, dialect, json };
}
