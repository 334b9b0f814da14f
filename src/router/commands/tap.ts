import { FieldPathError, type FieldPaths, readFieldPaths } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { createToken } from '../gate/tokens';
import { systemCode } from '../system-code';
import { Tap } from '../tap/tap';
import { TAP_PREFIX } from '../tap/tap-paths';
import { TargetAddressError } from '../tap/target-addresses';
import { readTapTarget, type TapTarget, TapTargetError } from '../tap/tap-target';
import { ROUTER_VERSION } from '../version';
import { type Command, EXIT, readOptions, say, UsageError } from './command';
import { readOrigins, readPort, readToken } from './option-values';
import { stopAtSignal } from './signals';

const USAGE = `Usage: node router.js tap --target URL [options]

Stands in front of a real backend on 127.0.0.1, passes everything through unchanged, and shows who gets what.

  --target URL          the backend: ws:// or wss://, with the path its clients use
  --port PORT           0 picks a free port (default 0)
  --token TOKEN         token of inspectors (default: a new one)
  --forward-credentials pass Cookie, Set-Cookie and Authorization on
  --allow-target HOST   a link-local or metadata address that may be the target; may be repeated
  --allow-origin ORIGIN let pages of this origin connect; may be repeated
  --fields JSON         where messages hold what, e.g. {"thread":["conversation.id"]}
  --hold SECONDS        let held frames go on after that time (default: never)
  --json                print {"url","clientUrl","target","port","token","pid"} as the first line

Attach a workbench to the printed URL with ${TAP_PREFIX} behind it.
`;

interface TapArguments {
  readonly target: TapTarget;
  readonly port: number;
  readonly token: string;
  readonly forwardCredentials: boolean;
  readonly allowedOrigins: readonly string[];
  readonly paths: FieldPaths;
  readonly holdTimeout: number | undefined;
  readonly json: boolean;
}

/** `node router.js tap`: starts a tap, prints where it is, and stops it at SIGTERM or SIGINT. */
export const tap: Command = {
  name: 'tap',
  summary: 'stand in front of a real backend and watch',
  usage: USAGE,
  async run(args) {
    const { json, holdTimeout, ...options } = readArguments(args);
    const running = new Tap({
      ...options,
      ...(holdTimeout === undefined ? {} : { holdTimeout }),
      version: ROUTER_VERSION,
      log: (level, message) => {
        if (level !== 'debug') say(`${level}: ${message}`);
      },
    });
    let address;
    try {
      address = await running.start();
    } catch (error) {
      if (systemCode(error) === 'EADDRINUSE') say(`port ${options.port} is in use: expected a free port; --port 0 picks one`);
      else say(`the tap could not start: ${messageOf(error)}`);
      return EXIT.failed;
    }
    // Before the first line: who reads it may end the process at once.
    stopAtSignal(() => running.stop());
    const { token, target } = options;
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...address, target: target.text, token, pid: process.pid })}\n`
        : `Tap of ${target.text}\nClients: ${address.clientUrl}\nAttach:  ${address.url}${TAP_PREFIX}\nToken:   ${token}\n`,
    );
    return EXIT.ok;
  },
};

/** @throws {UsageError} */
function readArguments(args: readonly string[]): TapArguments {
  const { values } = readOptions(args, {
    target: { type: 'string' },
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    'forward-credentials': { type: 'boolean', default: false },
    'allow-target': { type: 'string', multiple: true, default: [] },
    'allow-origin': { type: 'string', multiple: true, default: [] },
    fields: { type: 'string' },
    hold: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (values.target === undefined) throw new UsageError('--target: expected a URL such as ws://127.0.0.1:8000/ws, received none');
  const port = readPort(values.port);
  const token = readToken(values.token) ?? createToken();
  const allowedOrigins = readOrigins(values['allow-origin']);
  const seconds = values.hold === undefined ? undefined : Number(values.hold);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 86_400)) throw new UsageError(`--hold: expected seconds above 0, at most 86400, received ${JSON.stringify(values.hold)}`);
  return {
    target: readTarget(values.target, values['allow-target']),
    port,
    token,
    forwardCredentials: values['forward-credentials'],
    allowedOrigins,
    paths: readFields(values.fields),
    holdTimeout: seconds === undefined ? undefined : seconds * 1_000,
    json: values.json,
  };
}

function readTarget(text: string, allowed: readonly string[]): TapTarget {
  try {
    return readTapTarget(text, allowed);
  } catch (error) {
    if (error instanceof TapTargetError || error instanceof TargetAddressError) throw new UsageError(`--target: ${error.message}`);
    throw error;
  }
}

function readFields(text: string | undefined): FieldPaths {
  try {
    return readFieldPaths(text === undefined ? undefined : JSON.parse(text));
  } catch (error) {
    if (error instanceof FieldPathError || error instanceof SyntaxError) throw new UsageError(`--fields: ${error.message}`);
    throw error;
  }
}
