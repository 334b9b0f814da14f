import type { FormatTable } from '../../ids/formats/format-table';
import { align } from './align';
import { changedFields } from './changed-fields';
import type { ComparedSide, ComparedTiming, Comparison, Difference, DifferenceKind } from './comparison';
import { IdPairs } from './id-pairs';
import { matchParties, type Party } from './match-streams';
import { normaliseText } from './normal-frame';
import type { Item, RecordedStreams, Stream } from './streams';

const MOST_DIFFERENCES = 1_000;
const LANES: readonly Stream['lane'][] = ['life', 'sent', 'received'];
const NOTHING: readonly Item[] = [];

/**
 * Compares two recordings apart from IDs and times: connection by connection and run by run, so that it does not matter
 * in which order independent ones came.
 */
export function compareRecordings(a: RecordedStreams, b: RecordedStreams, withRouting: boolean, table?: FormatTable): Comparison {
  return new Comparer(a, b, withRouting, table).compare();
}

class Comparer {
  private readonly counts = { equal: 0, missing: 0, extra: 0, reordered: 0, changed: 0 };
  private readonly differences: Difference[] = [];
  private readonly ids = new IdPairs();
  private readonly delays: number[] = [];
  /** Frames sent to many are timed once. */
  private readonly timed = new Set<unknown>();

  constructor(
    private readonly a: RecordedStreams,
    private readonly b: RecordedStreams,
    private readonly withRouting: boolean,
    private readonly table: FormatTable | undefined,
  ) {}

  compare(): Comparison {
    for (const pair of matchParties(this.a, this.b)) for (const lane of LANES) this.compareLane(pair.a, pair.b, lane);
    const { counts } = this;
    return {
      equal: counts.missing + counts.extra + counts.reordered + counts.changed === 0,
      a: sideOf(this.a),
      b: sideOf(this.b),
      counts,
      renamedIds: this.ids.renamed,
      differences: this.differences,
      timing: this.timing(),
      withRouting: this.withRouting,
    };
  }

  private compareLane(left: Party | undefined, right: Party | undefined, lane: Stream['lane']): void {
    const a = left?.lanes.get(lane)?.items ?? NOTHING;
    const b = right?.lanes.get(lane)?.items ?? NOTHING;
    const scene: Scene = { of: left?.of ?? right?.of ?? 'connection', lane, a: left?.id ?? '', b: right?.id ?? '' };
    const alone: { readonly item: Item; readonly side: 'a' | 'b'; readonly gap: number }[] = [];
    let gap = 0;
    for (const pair of align(a.map(({ key }) => key), b.map(({ key }) => key))) {
      const itemA = a[pair.a];
      const itemB = b[pair.b];
      if (itemA && itemB) {
        gap++;
        this.same(scene, itemA, itemB, 'equal');
      } else if (itemA) alone.push({ item: itemA, side: 'a', gap });
      else if (itemB) alone.push({ item: itemB, side: 'b', gap });
    }
    const rest = new Set(alone);
    const pairUp = (nameOf: (one: (typeof alone)[number]) => string, then: (x: Item, y: Item) => void): void => {
      const waiting = new Map<string, typeof alone>();
      for (const one of rest) {
        if (one.side !== 'b') continue;
        const list = waiting.get(nameOf(one));
        if (list) list.push(one);
        else waiting.set(nameOf(one), [one]);
      }
      for (const x of alone) {
        if (x.side !== 'a' || !rest.has(x)) continue;
        const y = waiting.get(nameOf(x))?.shift();
        if (!y) continue;
        rest.delete(x);
        rest.delete(y);
        then(x.item, y.item);
      }
    };
    pairUp(({ item }) => item.key, (x, y) => this.same(scene, x, y, 'reordered'));
    pairUp(({ item, gap: at }) => `${at} ${item.type}`, (x, y) => this.changed(scene, x, y));
    for (const { item, side } of rest) this.note(side === 'a' ? 'missing' : 'extra', scene, side === 'a' ? item : undefined, side === 'b' ? item : undefined);
  }

  private same(scene: Scene, a: Item, b: Item, kind: 'equal' | 'reordered'): void {
    const clash = this.ids.match(a.ids, b.ids);
    if (kind === 'equal' && !this.timed.has(a.frame) && a.frame && b.frame) {
      this.timed.add(a.frame);
      this.delays.push(Math.abs(b.t - (this.b.firstFrameAt ?? 0) - (a.t - (this.a.firstFrameAt ?? 0))));
    }
    if (clash) {
      const b1 = clash.expected === '' ? clash.b : `${clash.b} (elsewhere ${clash.expected})`;
      this.note('changed', scene, a, b, [{ path: 'ID', a: clash.a, b: b1 }]);
    } else if (kind === 'equal') this.counts.equal++;
    else this.note('reordered', scene, a, b);
  }

  private changed(scene: Scene, a: Item, b: Item): void {
    if (!a.frame || !b.frame) {
      this.note('changed', scene, a, b, [{ path: scene.lane === 'life' ? 'what happened' : 'body', a: a.key, b: b.key }]);
      return;
    }
    const known = new Set([...this.a.known, ...this.b.known]);
    const shapeOf = (text: string): string => normaliseText(JSON.stringify(text), known, this.table).shape;
    this.note('changed', scene, a, b, changedFields(a.frame, b.frame, (x, y) => shapeOf(x) === shapeOf(y)));
  }

  private note(kind: DifferenceKind, scene: Scene, a: Item | undefined, b: Item | undefined, fields: Difference['fields'] = []): void {
    this.counts[kind]++;
    if (this.differences.length >= MOST_DIFFERENCES) return;
    const { of, lane } = scene;
    this.differences.push({
      kind, of, lane, type: a?.type ?? b?.type ?? '', fields,
      ...(a ? { a: placeOf(a, scene.a) } : {}),
      ...(b ? { b: placeOf(b, scene.b) } : {}),
    });
  }

  private timing(): ComparedTiming {
    const delays = this.delays.sort((x, y) => x - y);
    return { frames: delays.length, medianMs: delays[Math.floor(delays.length / 2)] ?? 0, mostMs: delays.at(-1) ?? 0 };
  }
}

interface Scene {
  readonly of: Stream['of'];
  readonly lane: Stream['lane'];
  readonly a: string;
  readonly b: string;
}

function placeOf({ t, frame }: Item, id: string): { t: number; id: string; seq?: number } {
  return { t, id, ...(frame ? { seq: frame.seq } : {}) };
}

function sideOf({ header, frames, connections, runs, lastAt, firstFrameAt }: RecordedStreams): ComparedSide {
  return { source: header.source, created: header.created, frames, connections, runs, durationMs: Math.max(0, lastAt - (firstFrameAt ?? lastAt)) };
}
