import type { FormatTable } from '../../ids/formats/format-table';
import { RecordedMembership } from '../recorded-membership';
import type { RecordedFrame, RecordingEntry, RecordingHeader } from '../recording';
import { RecordingError } from '../recording-error';
import { idsOf } from '../remint/reminter';
import { type NormalBody, normaliseBody } from './normal-frame';

/** Frames times their recipients; beyond it two recordings are too large to be held next to each other. */
const MOST_ITEMS = 2_000_000;

/** One thing of a stream: a frame, or what became of a connection or a delivery. */
export interface Item {
  /** Equal for what says the same apart from IDs and times. */
  readonly key: string;
  /** What it is, for people and for pairing what changed, e.g. `agent_started`. */
  readonly type: string;
  readonly t: number;
  readonly ids: readonly string[];
  readonly frame?: RecordedFrame;
}

/** What one connection sent or received or went through, or what agents sent for one run, in order. */
export interface Stream {
  readonly of: 'connection' | 'run';
  /** The connection or run; empty for frames that name none. */
  readonly id: string;
  readonly lane: 'received' | 'sent' | 'life';
  readonly items: Item[];
}

/** A recording in the form in which it can be held next to another. */
export class RecordedStreams {
  readonly streams = new Map<string, Stream>();
  frames = 0;
  firstFrameAt: number | undefined;
  lastAt = 0;
  private readonly membership = new RecordedMembership();
  /** IDs from the fields of its entries. */
  readonly known = new Set<string>();
  private readonly runOfDelivery = new Map<number, string>();
  private items = 0;
  private last: { readonly text: string; readonly body: NormalBody } | undefined;

  /**
   * @param withRouting whether what only the server knows counts: outcomes, associations
   */
  constructor(
    readonly header: RecordingHeader,
    private readonly withRouting: boolean,
    private readonly table?: FormatTable,
  ) {}

  get connections(): number {
    return this.ids('connection').size;
  }

  get runs(): number {
    return this.ids('run').size;
  }

  /** Notes the IDs of an entry; take in all entries here before the first `take`. */
  learn(entry: RecordingEntry): void {
    for (const id of idsOf(entry)) this.known.add(id);
  }

  /** @throws {RecordingError} when it becomes too large. */
  take(entry: RecordingEntry): void {
    this.lastAt = Math.max(this.lastAt, entry.t);
    if (entry.kind === 'frame') this.takeFrame(entry);
    else this.takeMoment(entry);
    this.membership.take(entry);
  }

  private takeFrame(frame: RecordedFrame): void {
    // The workbench sent it, neither side of what is compared.
    if (frame.injected) return;
    this.frames++;
    this.firstFrameAt ??= frame.t;
    // What goes out is often what just came in.
    const same = this.last !== undefined && frame.text !== undefined && frame.text === this.last.text;
    const { shape, ids } = same && this.last ? this.last.body : normaliseBody(frame, this.known, this.table);
    this.last = frame.text === undefined ? undefined : { text: frame.text, body: { shape, ids } };
    const type = frame.type ?? (frame.base64 === undefined ? 'frame' : 'binary frame');
    if (frame.peer === 'agent') {
      if (frame.delivery !== undefined && frame.run !== undefined) this.runOfDelivery.set(frame.delivery, frame.run);
      const outcome = this.withRouting ? (frame.outcome ?? '') : '';
      this.put('run', frame.run ?? '', frame.direction === 'in' ? 'sent' : 'received', { key: `${outcome} ${shape}`, type, t: frame.t, ids, frame });
      return;
    }
    const item: Item = { key: shape, type, t: frame.t, ids, frame };
    if (frame.direction === 'in') this.put('connection', frame.connection ?? '', 'sent', item);
    else for (const connection of this.membership.recipients(frame)) this.put('connection', connection, 'received', item);
  }

  private takeMoment(entry: Exclude<RecordingEntry, RecordedFrame>): void {
    const { kind, t } = entry;
    if (kind === 'connection_opened') {
      const ids = [entry.connection, ...(entry.user === undefined ? [] : [entry.user])];
      this.put('connection', entry.connection, 'life', { key: `opened ${entry.user !== undefined}`, type: 'opened', t, ids });
    } else if (kind === 'connection_closed') {
      this.put('connection', entry.connection, 'life', { key: `closed ${entry.code ?? ''}`, type: entry.code === undefined ? 'closed' : `closed ${entry.code}`, t, ids: [entry.connection] });
    } else if (!this.withRouting) return;
    else if (kind === 'association') {
      this.put('connection', entry.connection, 'life', { key: `${entry.what} ${entry.how}`, type: entry.what, t, ids: [entry.thread] });
    } else if (kind === 'delivery') {
      const run = this.runOfDelivery.get(entry.delivery) ?? '';
      this.put('run', run, 'life', { key: `${entry.outcome} ${entry.connections}`, type: `later ${entry.outcome}`, t, ids: [] });
    }
  }

  private put(of: Stream['of'], id: string, lane: Stream['lane'], item: Item): void {
    if (++this.items > MOST_ITEMS) {
      throw new RecordingError('too_large', `expected at most ${MOST_ITEMS} frames counted once for each recipient, received more; compare shorter recordings`);
    }
    const name = `${of} ${lane} ${id}`;
    const stream = this.streams.get(name);
    if (stream) stream.items.push(item);
    else this.streams.set(name, { of, id, lane, items: [item] });
  }

  private ids(of: Stream['of']): Set<string> {
    return new Set([...this.streams.values()].filter((stream) => stream.of === of).map((stream) => stream.id));
  }
}
