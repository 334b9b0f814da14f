import type { RecordingEntry, RecordingHeader } from '../../../core/index';
import type { Counters, DeliveryInfo, RunInfo, ThreadInfo } from '../../../protocol/inspection';
import { Run } from '../../model/run';
import { readRecording, type TaskControl } from '../read-recording';
import { RecordedConnections } from './recorded-connections';
import { agentIn, RecordedDeliveries } from './recorded-deliveries';
import { RecordingFrames } from './recording-frames';

interface ThreadFigures {
  delivered: number;
  failed: number;
  queued: number;
  lastEventAt: number | undefined;
}

/** What a recording holds, as the views show it: how everything was at its end. */
export class RecordingIndex {
  readonly frames: RecordingFrames;
  readonly connections: RecordedConnections;
  private readonly deliveryList: RecordedDeliveries;
  private readonly runList = new Map<string, Run>();
  private readonly threadFigures = new Map<string, ThreadFigures>();
  private readonly totals = { delivered: 0, queued: 0, undeliverable: 0, rejected: 0, framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 };

  private constructor(
    path: string,
    readonly header: RecordingHeader,
  ) {
    const startedAt = Date.parse(header.created);
    this.frames = new RecordingFrames(path, startedAt);
    this.connections = new RecordedConnections(startedAt);
    this.deliveryList = new RecordedDeliveries(startedAt, header.source === 'tap');
  }

  /** @throws {RecordingError} and {RecordingFileError} when the file cannot be read */
  static async read(path: string, control: TaskControl): Promise<RecordingIndex> {
    const { header } = await readRecording(path, () => {}, { signal: control.signal });
    const index = new RecordingIndex(path, header);
    await readRecording(path, (entry, at, length) => index.take(entry, at, length), control);
    return index;
  }

  get runs(): RunInfo[] {
    return Array.from(this.runList.values(), (run) => run.info());
  }

  get deliveries(): DeliveryInfo[] {
    return this.deliveryList.all();
  }

  get threads(): ThreadInfo[] {
    const on = new Map<string, number>();
    for (const { threads } of this.connections.all()) for (const thread of threads) on.set(thread, (on.get(thread) ?? 0) + 1);
    return Array.from(new Set([...on.keys(), ...this.threadFigures.keys()]), (id) => {
      const { delivered = 0, failed = 0, queued = 0, lastEventAt } = this.threadFigures.get(id) ?? {};
      const connections = on.get(id) ?? 0;
      return {
        id, state: connections > 0 ? ('live' as const) : queued > 0 ? ('waiting' as const) : ('idle' as const), connections, waiting: Math.max(0, queued), delivered, failed,
        ...(lastEventAt === undefined ? {} : { lastEventAt }),
      };
    });
  }

  get counters(): Counters {
    const deadLetters = this.totals.queued + this.totals.undeliverable;
    return {
      ...this.totals, connections: this.connections.all().length, agents: 0, threads: this.threads.length, runs: this.runList.size, waiting: Math.max(0, this.totals.queued), deadLetters, dropped: 0,
    };
  }

  /** The thread of a run, as its events said. */
  threadOf(runId: string): string | undefined {
    return this.runList.get(runId)?.threadId;
  }

  private take(entry: RecordingEntry, at: number, length: number): void {
    this.connections.take(entry);
    this.deliveryList.take(entry);
    if (entry.kind !== 'frame') return;
    const info = this.frames.add(entry, at, length);
    const { direction, bytes, runId, threadId, type = '', outcome } = info;
    if (direction === 'in') {
      this.totals.framesIn++;
      this.totals.bytesIn += bytes;
    } else {
      this.totals.framesOut += info.recipients ?? 1;
      this.totals.bytesOut += bytes * (info.recipients ?? 1);
    }
    // A tap judges events on their way to clients; at a client, those of runs are what comes out of the server.
    const isEvent = entry.peer === 'agent' || (direction === 'out' && (outcome === undefined ? runId !== undefined && this.seenByClient : this.header.source === 'tap'));
    if (!isEvent) return;
    if (runId !== undefined) {
      const run = this.runList.get(runId) ?? new Run(runId, this.runList.size + 1, info.at);
      run.saw(type, agentIn(entry.text), info.at);
      if (threadId !== undefined) run.threadId = threadId;
      this.runList.set(runId, run);
    }
    if (outcome !== undefined) this.totals[outcome]++;
    if (threadId === undefined) return;
    const figures = this.threadFigures.get(threadId) ?? { delivered: 0, failed: 0, queued: 0, lastEventAt: undefined };
    figures.lastEventAt = info.at;
    if (outcome === 'delivered' && info.misrouted === undefined) figures.delivered++;
    else if (outcome !== undefined) figures.failed++;
    this.threadFigures.set(threadId, figures);
  }

  private get seenByClient(): boolean {
    return this.header.source === 'har' || this.header.source === 'replay';
  }
}
