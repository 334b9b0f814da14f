import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { asShipped } from '../as-shipped';
import { median, type Report } from '../report';

const ROUNDS = 5;
const RUN = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';

interface Load {
  readonly name: string;
  readonly bytes: number;
  readonly messages: number;
  /** Messages on their way at a time. */
  readonly inFlight: number;
}

const LOADS: readonly Load[] = [
  { name: '256 B, 1 in flight', bytes: 256, messages: 3_000, inFlight: 1 },
  { name: '256 B, 64 in flight', bytes: 256, messages: 30_000, inFlight: 64 },
  { name: '16 KiB, 64 in flight', bytes: 16 * 1024, messages: 5_000, inFlight: 64 },
  { name: '1 MiB, 4 in flight', bytes: 1024 * 1024, messages: 100, inFlight: 4 },
];

/** An agent event of that size. */
function eventOf(bytes: number): string {
  const empty = JSON.stringify({ type: 'agent_thinking', run_id: RUN, agent_name: 'bench', timestamp: '2026-01-02T03:04:05.678Z', payload: { reasoning: '' } });
  return empty.replace('""', `"${'x'.repeat(Math.max(0, bytes - empty.length))}"`);
}

interface Measured {
  readonly perSecond: number;
  /** Milliseconds from a message to its echo. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Sends messages to the echo and takes the time of each. */
async function echo(url: string, { bytes, messages, inFlight }: Load): Promise<Measured> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const text = eventOf(bytes);
  const began: number[] = [];
  const times: number[] = [];
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const send = (): void => {
      began.push(performance.now());
      socket.send(text);
    };
    socket.on('message', () => {
      times.push(performance.now() - (began[times.length] ?? 0));
      if (times.length === messages) resolve();
      else if (began.length < messages) send();
    });
    for (let index = 0; index < inFlight; index++) send();
  });
  const seconds = (performance.now() - start) / 1000;
  socket.terminate();
  const sorted = times.toSorted((a, b) => a - b);
  return { perSecond: messages / seconds, medianMs: median(times), p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? NaN };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
}

/** What a tap costs: throughput and latency through it beside the direct connection, in turns, in the same run. */
export async function run(report: Report): Promise<void> {
  const backend = spawn(process.execPath, [join(__dirname, 'echo-process.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const direct = `ws://127.0.0.1:${await firstLine(backend)}/ws`;
  const tap = spawn(process.execPath, [asShipped(join(__dirname, 'tap-process.ts')), direct], { stdio: ['pipe', 'pipe', 'inherit'] });
  const tapped = `${await firstLine(tap)}?thread_id=thread_13679e4dcc38403a`;
  const cpu = async (): Promise<number> => {
    const line = firstLine(tap);
    tap.stdin?.write('cpu\n');
    return Number(await line);
  };
  for (const load of LOADS) {
    const plain: Measured[] = [];
    const through: Measured[] = [];
    await echo(direct, { ...load, messages: Math.ceil(load.messages / 5) });
    await echo(tapped, { ...load, messages: Math.ceil(load.messages / 5) });
    const before = await cpu();
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(await echo(direct, load));
      through.push(await echo(tapped, load));
    }
    const spent = (await cpu()) - before;
    const of = (list: readonly Measured[], what: keyof Measured): number => median(list.map((measured) => measured[what]));
    const row = (name: string, what: keyof Measured, unit: string): void => {
      const value = of(through, what);
      report({ name: `tap, ${load.name}, ${name}`, value, unit, ratio: value / of(plain, what), baseline: `of the direct connection, ${of(plain, what).toFixed(2)}` });
    };
    row('echoes', 'perSecond', '/s');
    row('round trip, median', 'medianMs', 'ms');
    row('round trip, p99', 'p99Ms', 'ms');
    // Two messages pass for each echo.
    report({ name: `tap, ${load.name}, CPU of the tap for a message`, value: (spent * 1000) / (ROUNDS * load.messages * 2), unit: 'µs' });
  }
  for (const child of [tap, backend]) {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
  }
}
