import fc from 'fast-check';
import type { RecordingEntry, RecordingHeader } from '../../../../src/core/index';

export const HEADER: RecordingHeader = {
  thread_lens_recording: 1, created: '2025-09-03T16:52:42.904Z', source: 'router', url: 'ws://127.0.0.1:8787/ws', version: '0.1.0', dialect: 'fix', redacted: true,
};

const id = fc.oneof(fc.constantFrom('thread_13679e4dcc38403a', 'conn_dev_3052f606', 'opaque chat', 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760'), fc.string({ minLength: 1 }));
const t = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const body = fc.oneof(
  fc.record({ text: fc.oneof(fc.string(), fc.json()) }),
  fc.record({ base64: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')) }),
);

/** Entries of every kind; what is undefined is as good as absent. */
export const entry: fc.Arbitrary<RecordingEntry> = fc.oneof(
  fc.record({ kind: fc.constant('connection_opened'), t, connection: id, user: maybe(id), threads: fc.array(id, { maxLength: 3 }), already_open: maybe(fc.constant(true as const)), headers: maybe(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })) }),
  fc.record({ kind: fc.constant('connection_closed'), t, connection: id, code: maybe(fc.integer({ min: 1000, max: 4999 })), reason: maybe(fc.string()) }),
  fc.record({ kind: fc.constant('association'), t, connection: id, thread: id, what: fc.constantFrom('associated', 'dissociated'), how: fc.string() }),
  fc.tuple(
    fc.record({
      kind: fc.constant('frame'), t, seq: fc.nat(), direction: fc.constantFrom('in', 'out'), peer: fc.constantFrom('client', 'agent'), connection: maybe(id), thread: maybe(id), run: maybe(id),
      type: maybe(fc.string()), bytes: fc.nat(), outcome: maybe(fc.constantFrom('delivered', 'queued')), delivery: maybe(fc.nat()), recipients: maybe(fc.nat()), skipped: maybe(fc.array(id)), edited: maybe(fc.constant(true as const)), discarded: maybe(fc.constant(true as const)), misrouted: maybe(fc.record({ expected: id, received: id }, { noNullPrototype: true })),
    }),
    body,
  ).map(([frame, content]) => ({ ...frame, ...content })),
  fc.record({ kind: fc.constant('delivery'), t, delivery: fc.nat(), outcome: fc.constantFrom('delivered', 'undeliverable'), connections: fc.nat(), reason: maybe(fc.string()) }),
  fc.record({ kind: fc.constant('gap'), t, frames: fc.nat() }),
  fc.record({ kind: fc.constant('end'), t, why: fc.constantFrom('stopped', 'disk'), detail: maybe(fc.string()) }),
).map((value) => defined(value) as unknown as RecordingEntry);

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/** A frame that a client or agent sent, or got. */
export function frame(seq: number, fields: Partial<Extract<RecordingEntry, { kind: 'frame' }>> & { body?: unknown } = {}): RecordingEntry {
  const { body: content, ...rest } = fields;
  const text = content === undefined ? undefined : JSON.stringify(content);
  return { kind: 'frame', t: seq * 10, seq, direction: 'in', peer: 'client', bytes: text?.length ?? 0, ...(text === undefined ? {} : { text }), ...rest };
}
