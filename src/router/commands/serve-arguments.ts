import { BEHAVIOUR_NAMES, type BehaviourSet, behavioursOf, describeValue, DIALECTS, type Dialect, isBehaviour, PROFILE_NAMES, UnknownOptionError } from '../../core/index';
import { isLoopbackAddress } from '../gate/host-header';
import { isDialect } from '../inspection/inspection-request';
import { readOptions, UsageError } from './command';
import { readOrigins, readPort, readToken } from './option-values';

export const SERVE_USAGE = `Usage: node router.js [serve] [options]

Routes agent events to WebSocket clients by thread, locally.

  --host ADDRESS        address to listen on (default 127.0.0.1)
  --expose              confirm a host other than loopback; every path then needs the token
  --port PORT           0 picks a free port (default 0)
  --token TOKEN         token of agents, HTTP and inspectors (default: a new one)
  --store FILE          keep registry and undelivered events in this file (default: in memory)
  --allow-origin ORIGIN let pages of this origin connect; may be repeated
  --dialect NAME        ${DIALECTS.join(', ')} (default fix)
  --profile NAME        ${PROFILE_NAMES.join(', ')}: whether the router behaves as the original system does (default strict)
  --behaviour NAME[=on|off]
                        turn one behaviour of the original on or off; may be repeated:
${wrapped(BEHAVIOUR_NAMES)}
  --json                print {"url","port","token","pid"} as the first line
  --help, --version
`;

function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < names.length; i += 3) lines.push(`                          ${names.slice(i, i + 3).join(', ')}`);
  return lines.join(',\n');
}

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly store: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly dialect: Dialect;
  readonly behaviours: BehaviourSet;
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
    profile: { type: 'string', default: 'strict' },
    behaviour: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  });
  const { host, store, dialect, json } = values;
  if (host === '') throw new UsageError('--host: expected an address, received an empty one');
  if (!isLoopbackAddress(host) && !values.expose) {
    throw new UsageError(`--host: expected a loopback address, received ${describeValue(host)}; add --expose to let other machines reach the router`);
  }
  const port = readPort(values.port);
  if (!isDialect(dialect)) throw new UsageError(`--dialect: expected one of ${DIALECTS.join(', ')}, received ${describeValue(dialect)}`);
  const token = readToken(values.token);
  if (store === '') throw new UsageError('--store: expected a file, received an empty name');
  const allowedOrigins = readOrigins(values['allow-origin']);
  const behaviours = readBehaviours(values.profile, values.behaviour);
  return { host, port, token, store, allowedOrigins, dialect, behaviours, json };
}

/** The last of several switches of one behaviour counts. */
function readBehaviours(profile: string, switches: readonly string[]): BehaviourSet {
  const overrides: Record<string, boolean> = {};
  for (const text of switches) {
    const [, name = '', state = 'on'] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? [];
    if (!isBehaviour(name) || (state !== 'on' && state !== 'off')) {
      throw new UsageError(`--behaviour: expected NAME, NAME=on or NAME=off with one of ${BEHAVIOUR_NAMES.join(', ')}, received ${describeValue(text)}`);
    }
    overrides[name] = state === 'on';
  }
  try {
    return behavioursOf(profile, overrides);
  } catch (error) {
    if (error instanceof UnknownOptionError) throw new UsageError(`--profile: expected ${error.expected}, received ${error.received}`);
    throw error;
  }
}
