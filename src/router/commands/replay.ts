import type { RemintOption, ReplayedSide, ReplayOutcome, ReplayTiming } from '../../protocol/recording-task';
import { aborted } from '../abortable';
import { loadRecordings } from '../recording/load-recordings';
import { ROUTER_VERSION } from '../version';
import { type Command, EXIT, readOptions, say, UsageError } from './command';
import { givenToken, readOrigins, readPort } from './option-values';
import { reportProblem } from './report-problem';
import { untilSignal } from './signals';

const USAGE = `Usage: node router.js replay [options] --target URL FILE
       node router.js replay [options] --serve FILE

Plays a recording to a server, or stands in for the recorded server.

  --target URL          a router (http://127.0.0.1:8787), or where clients connect (ws://localhost:8000/ws)
  --token TOKEN         of the router (default: THREAD_LENS_TOKEN)
  --remote              the target may be another machine
  --side NAME           agents, clients or both (default both)
  --timing T            original, none, or a number: so many times faster (default original)
  --remint              give all IDs anew
  --seed TEXT           with --remint: the same seed gives the same IDs
  --record FILE         record what came back to this new file
  --record-by WHO       clients or target; target has to be a router (default clients)
  --serve               listen on loopback and send clients what the recorded ones got
  --port PORT           with --serve; 0 picks a free port (default 0)
  --allow-origin ORIGIN with --serve: let pages of this origin connect; may be repeated
  --json                print the result as JSON

Exit code 0: all was sent and as much came back; 1: something did not go as recorded; 2: arguments or a file cannot be used.
`;

/** `node router.js replay`: plays a recording to a server, or as one. */
export const replay: Command = {
  name: 'replay',
  summary: 'play a recording to a server, or serve what it holds',
  usage: USAGE,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      target: { type: 'string' }, token: { type: 'string' }, remote: { type: 'boolean', default: false }, side: { type: 'string', default: 'both' }, timing: { type: 'string', default: 'original' },
      remint: { type: 'boolean', default: false }, seed: { type: 'string' }, record: { type: 'string' }, 'record-by': { type: 'string', default: 'clients' },
      serve: { type: 'boolean', default: false }, port: { type: 'string', default: '0' }, 'allow-origin': { type: 'string', multiple: true, default: [] }, json: { type: 'boolean', default: false },
    }, true);
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageError(`expected one recording, received ${positionals.length} files`);
    const timing = readTiming(values.timing);
    const remint = values.remint || values.seed !== undefined ? { seed: values.seed } : undefined;
    const unused = (['target', 'record', 'token'] as const).find((name) => values[name] !== undefined);
    if (values.serve && unused !== undefined) throw new UsageError(`--serve: expected no --${unused}, received one: what is served goes to whoever connects`);
    const interrupted = untilSignal();
    try {
      if (values.serve) return await serveFile(file, { port: readPort(values.port), timing, remint, allowedOrigins: readOrigins(values['allow-origin']), json: values.json, signal: interrupted.signal });
      if (values.target === undefined) throw new UsageError('--target: expected a URL, received none; --serve stands in for a server instead');
      const by = values['record-by'];
      if (by !== 'clients' && by !== 'target') throw new UsageError(`--record-by: expected clients or target, received ${JSON.stringify(by)}`);
      const result = await loadRecordings().replayFile(file, {
        target: values.target, token: givenToken(values.token), allowRemote: values.remote, side: readSide(values.side), timing, remint, signal: interrupted.signal,
        record: values.record === undefined ? undefined : { file: values.record, by }, version: ROUTER_VERSION,
      });
      for (const problem of result.problems) say(problem);
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : describe(result));
      return result.problems.length === 0 && result.incomplete === 0 && !result.cancelled && result.received >= result.expected ? EXIT.ok : EXIT.failed;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return reportProblem(error);
    } finally {
      interrupted.release();
    }
  },
};

interface ServeFileOptions {
  readonly port: number;
  readonly timing: ReplayTiming;
  readonly remint: RemintOption | undefined;
  readonly allowedOrigins: readonly string[];
  readonly json: boolean;
  readonly signal: AbortSignal;
}

async function serveFile(file: string, { json, signal, ...options }: ServeFileOptions): Promise<number> {
  const server = await loadRecordings().ReplayServer.start(file, { ...options, signal });
  process.stdout.write(json ? `${JSON.stringify({ url: server.url, pid: process.pid })}\n` : `Clients: ${server.url}\n`);
  await aborted(signal);
  await server.stop();
  return EXIT.ok;
}

function readTiming(text: string): ReplayTiming {
  if (text === 'original' || text === 'none') return { kind: text };
  const factor = Number(text);
  if (!(factor > 0 && Number.isFinite(factor))) throw new UsageError(`--timing: expected original, none or a positive number, received ${JSON.stringify(text)}`);
  return { kind: 'scaled', factor };
}

function readSide(text: string): ReplayedSide {
  if (text !== 'agents' && text !== 'clients' && text !== 'both') throw new UsageError(`--side: expected agents, clients or both, received ${JSON.stringify(text)}`);
  return text;
}

function describe({ clients, clientMessages, agentEvents, received, expected, incomplete, durationMs, seed, cancelled }: ReplayOutcome): string {
  const lines = [
    `${clients} clients sent ${clientMessages} messages, agents sent ${agentEvents} events, in ${(durationMs / 1000).toFixed(2)} s`,
    `${received} messages came back, ${expected} were recorded`,
    ...(incomplete > 0 ? [`${incomplete} messages were not sent: the recording does not hold the whole of them`] : []),
    ...(seed === undefined ? [] : [`IDs are new; --seed ${seed} gives the same again`]),
    ...(cancelled ? ['interrupted'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
