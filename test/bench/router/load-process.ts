/** The load generator, in a process of its own; each job comes over IPC and is answered with its figures. */
import { setTimeout as sleep } from 'node:timers/promises';
import { arrivingBytes, clientFrame, eventText, openMany, Sink } from './load';
import { BENCH_TOKEN } from './bench-token';

export interface Job {
  readonly port: number;
  readonly threads: number;
  readonly clientsPerThread: number;
  readonly bytes: number;
  /** Events; each makes `clientsPerThread` deliveries. */
  readonly events: number;
  /** Events not yet received by everybody that may be under way. */
  readonly inFlight: number;
  readonly inspector: boolean;
  /** Clients that never read. */
  readonly stalled?: number;
  /** Events a second instead of a window. */
  readonly rate?: number;
}

export interface JobResult {
  readonly deliveries: number;
  readonly seconds: number;
  /** From sending an event until its last receiver had it, in milliseconds. */
  readonly latencies: readonly number[];
}

let sinks: Sink[] = [];
let agent: Sink;
let frames: Buffer[] = [];
let perEvent = 0;

async function prepare(job: Job): Promise<void> {
  const paths: string[] = [];
  for (let thread = 0; thread < job.threads; thread++) {
    for (let client = 0; client < job.clientsPerThread; client++) paths.push(`/ws?thread_id=thread_${thread}`);
  }
  sinks = await openMany(job.port, paths);
  if (job.inspector) await Sink.open(job.port, `/inspect?token=${BENCH_TOKEN}`);
  agent = await Sink.open(job.port, `/agent?token=${BENCH_TOKEN}`);
  const texts = Array.from({ length: job.threads }, (_, thread) => eventText(`thread_${thread}_run_1756919162904_9adf1f09`, job.bytes));
  frames = texts.map(clientFrame);
  perEvent = arrivingBytes(texts[0] ?? '');
  // Threads with longer names have larger events; pad all to one size by making the counting exact per thread.
  const sizes = new Set(texts.map(arrivingBytes));
  if (sizes.size !== 1) throw new Error(`expected events of one size, received ${[...sizes].join(', ')}`);
  for (let index = 0; index < (job.stalled ?? 0); index++) sinks[index]?.socket.pause();
  await sleep(300);
}

/** Keeps a window of events under way until all have arrived. */
function windowed(job: Job, events: number): Promise<JobResult> {
  const { clientsPerThread, inFlight } = job;
  const goal = events * clientsPerThread * perEvent;
  const windowBytes = clientsPerThread * perEvent;
  let received = 0;
  let sent = 0;
  let sentAt = 0;
  const latencies: number[] = [];
  const begin = performance.now();
  return new Promise((resolve) => {
    const push = (): void => {
      const open = inFlight - (sent - Math.floor(received / windowBytes));
      if (open <= 0 || sent >= events) return;
      // A window is filled in halves, so that the sender works in bursts as a busy agent does.
      if (open < inFlight / 2 && sent > inFlight) return;
      const burst: Buffer[] = [];
      for (let index = 0; index < open && sent < events; index++) burst.push(frames[sent++ % frames.length] ?? Buffer.alloc(0));
      sentAt = performance.now();
      agent.socket.write(burst.length === 1 && burst[0] ? burst[0] : Buffer.concat(burst));
    };
    for (const sink of sinks) {
      sink.onData = (chunk) => {
        received += chunk.length;
        if (inFlight === 1 && received % windowBytes === 0) latencies.push(performance.now() - sentAt);
        if (received >= goal) resolve({ deliveries: events * clientsPerThread, seconds: (performance.now() - begin) / 1000, latencies });
        else push();
      };
    }
    push();
  });
}

/** Sends at a steady rate and takes the time until the last reading client has each event. */
async function steady(job: Job, events: number): Promise<JobResult> {
  const rate = job.rate ?? 100;
  const readers = sinks.slice(job.stalled ?? 0);
  const before = readers.map((sink) => sink.received);
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const arrived = Array.from({ length: events }, () => 0);
  let done = 0;
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    readers.forEach((sink, index) => {
      let seen = 0;
      sink.onData = () => {
        const count = Math.floor((sink.received - (before[index] ?? 0)) / perEvent);
        const now = performance.now();
        for (; seen < count; seen++) {
          const total = (arrived[seen] = (arrived[seen] ?? 0) + 1);
          latencies.push(now - (sentAt[seen] ?? now));
          if (total === readers.length && ++done === events) resolve();
        }
      };
    });
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(events, Math.floor(((performance.now() - begin) / 1000) * rate));
      for (; sent < due; sent++) {
        sentAt.push(performance.now());
        agent.socket.write(frames[sent % frames.length] ?? Buffer.alloc(0));
      }
      if (sent >= events) clearInterval(timer);
    }, 1);
  });
  return { deliveries: events * readers.length, seconds: (performance.now() - begin) / 1000, latencies };
}

if (process.send) {
  process.on('message', (message: { what: 'prepare' | 'run'; job: Job; events: number }) => {
    const { what, job, events } = message;
    const work = what === 'prepare' ? prepare(job).then(() => ({})) : job.rate === undefined ? windowed(job, events) : steady(job, events);
    work.then((result) => process.send?.(result), (error: unknown) => process.send?.({ error: String(error) }));
  });
  process.on('disconnect', () => process.exit(0));
}
