import { RecordedMembership, type RecordingEntry } from '../../core/index';
import type { ReplayedSide } from '../../protocol/recording-task';

/** One thing that a replay does; `t` in milliseconds from the first step. */
export type ReplayStep =
  | { readonly kind: 'open'; readonly t: number; readonly connection: string; readonly user: string | undefined; readonly threads: readonly string[]; readonly subprotocol: string | undefined }
  | { readonly kind: 'close'; readonly t: number; readonly connection: string; readonly code: number | undefined; readonly reason: string | undefined }
  | { readonly kind: 'client'; readonly t: number; readonly connection: string; readonly text?: string; readonly base64?: string }
  | { readonly kind: 'agent'; readonly t: number; readonly text?: string; readonly base64?: string };

export interface ReplayPlan {
  readonly steps: readonly ReplayStep[];
  /** How many frames each client got. */
  readonly expected: ReadonlyMap<string, number>;
  /** Frames whose body is not whole in the recording, so that they cannot be sent. */
  readonly incomplete: number;
}

/** Gathers, entry by entry, what a replay has to do. */
export class ReplayPlanner {
  private readonly steps: ReplayStep[] = [];
  private readonly expected = new Map<string, number>();
  private readonly membership = new RecordedMembership();
  /** Steps of connections that have not been heard of since they opened: a thread in their URL may still come. */
  private readonly opening = new Map<string, number>();
  private incomplete = 0;
  private start: number | undefined;

  constructor(private readonly side: ReplayedSide) {}

  take(entry: RecordingEntry): void {
    this.membership.take(entry);
    const clients = this.side !== 'agents';
    switch (entry.kind) {
      case 'connection_opened':
        if (!clients) return;
        this.opening.set(entry.connection, this.steps.length);
        this.put({ kind: 'open', t: entry.t, connection: entry.connection, user: entry.user, threads: entry.threads, subprotocol: entry.subprotocol });
        return;
      case 'association': {
        const at = this.opening.get(entry.connection);
        const step = at === undefined ? undefined : this.steps[at];
        if (at !== undefined && step?.kind === 'open' && entry.how === 'url' && entry.what === 'associated') this.steps[at] = { ...step, threads: [...step.threads, entry.thread] };
        return;
      }
      case 'connection_closed':
        if (!clients) return;
        this.opening.delete(entry.connection);
        this.put({ kind: 'close', t: entry.t, connection: entry.connection, code: entry.code, reason: entry.reason });
        return;
      case 'frame':
        this.takeFrame(entry, clients);
        return;
      case 'delivery':
      case 'gap':
      case 'end':
    }
  }

  get plan(): ReplayPlan {
    return { steps: this.steps, expected: this.expected, incomplete: this.incomplete };
  }

  private takeFrame(frame: Extract<RecordingEntry, { readonly kind: 'frame' }>, clients: boolean): void {
    if (frame.connection !== undefined) this.opening.delete(frame.connection);
    if (frame.direction === 'out') {
      if (clients && frame.peer === 'client' && !frame.injected) for (const connection of this.membership.recipients(frame)) this.expected.set(connection, (this.expected.get(connection) ?? 0) + 1);
      return;
    }
    if (frame.peer === 'agent' ? this.side === 'clients' : !clients || frame.connection === undefined) return;
    if (frame.truncated || (frame.text === undefined && frame.base64 === undefined)) {
      this.incomplete++;
      return;
    }
    const body = frame.text === undefined ? { base64: frame.base64 ?? '' } : { text: frame.text };
    if (frame.peer === 'agent') this.put({ kind: 'agent', t: frame.t, ...body });
    else this.put({ kind: 'client', t: frame.t, connection: frame.connection ?? '', ...body });
  }

  private put(step: ReplayStep): void {
    this.start ??= step.t;
    this.steps.push({ ...step, t: step.t - this.start });
  }
}
