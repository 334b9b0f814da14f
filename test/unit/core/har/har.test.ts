import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { compareRecordings, HarError, HarExport, type HarEntry, type HarMessage, type ImportedHar, importHar, RecordedStreams, type RecordingEntry, type RecordingHeader, recordingLine, RecordingReader } from '../../../../src/core/index';
import { frame, HEADER } from '../recording/entries';

const CHROME = join(__dirname, '../../../fixtures/har/chrome.har');
const T1 = 'thread_13679e4dcc38403a';

function exported(entries: readonly RecordingEntry[], header: RecordingHeader = HEADER): HarEntry[] {
  const har = new HarExport(header);
  for (const entry of entries) har.take(entry);
  return [...har.entries()];
}

function imported(entries: readonly unknown[]): ImportedHar {
  return importHar({ log: { version: '1.2', entries } }, '0.1.0');
}

const RECORDING: readonly RecordingEntry[] = [
  { kind: 'connection_opened', t: 0, connection: 'conn_dev_3052f606', user: 'dev', threads: [T1], headers: { host: '127.0.0.1:8787', authorization: 'Bearer abcdefgh12345678' }, subprotocol: 'chat' },
  { kind: 'association', t: 0, connection: 'conn_dev_3052f606', thread: T1, what: 'associated', how: 'url' },
  { kind: 'connection_opened', t: 2, connection: 'main_00000001', threads: [] },
  { kind: 'association', t: 3, connection: 'main_00000001', thread: T1, what: 'associated', how: 'subscribe' },
  frame(1, { connection: 'main_00000001', type: 'subscribe', thread: T1, body: { type: 'subscribe', thread_id: T1, password: 'hunter22' } }),
  frame(2, { peer: 'agent', type: 'agent_started', run: `${T1}_run_1_9adf1f09`, body: { type: 'agent_started', run_id: `${T1}_run_1_9adf1f09` } }),
  frame(3, { direction: 'out', thread: T1, type: 'agent_started', recipients: 2, body: { type: 'agent_started', run_id: `${T1}_run_1_9adf1f09` } }),
  { ...frame(4, { direction: 'out', connection: 'main_00000001' }), base64: 'AQID', bytes: 3 } as RecordingEntry,
  { kind: 'connection_closed', t: 100, connection: 'main_00000001', code: 1000, reason: 'done' },
];

describe('HAR export', () => {
  it('writes one entry for each connection as Chrome does, and one for what agents sent', () => {
    const [first, second, agents, ...rest] = exported(RECORDING);
    assert.deepEqual(rest, []);
    const messages = ({ _webSocketMessages: list }: HarEntry): readonly HarMessage[] => list;
    const lens = ({ _threadLens: own }: HarEntry): unknown => own;
    assert.ok(first && second && agents);
    assert.ok(Object.entries(first).some(([name, value]) => name === '_resourceType' && value === 'websocket'));
    assert.equal(first.request.url, `ws://127.0.0.1:8787/ws?thread_id=${T1}&user_id=dev`);
    assert.deepEqual(first.request.queryString, [{ name: 'thread_id', value: T1 }, { name: 'user_id', value: 'dev' }]);
    assert.equal(first.response.status, 101);
    assert.deepEqual(first.response.headers.at(-1), { name: 'Sec-WebSocket-Protocol', value: 'chat' });
    assert.equal(first.startedDateTime, '2025-09-03T16:52:42.904Z');
    assert.deepEqual(messages(second).map(({ type, opcode }) => [type, opcode]), [['send', 1], ['receive', 1], ['receive', 2]]);
    assert.equal(messages(second)[1]?.time, 1756918362.934);
    assert.equal(messages(second)[2]?.data, 'AQID');
    assert.equal(second.time, 98);
    assert.deepEqual(lens(second), { peer: 'client', connection: 'main_00000001', threads: [], close_code: 1000, close_reason: 'done' });
    assert.equal(agents.request.url, 'ws://127.0.0.1:8787/agent');
    // The spec: the time is the sum of the timings that apply.
    for (const entry of [first, second, agents]) assert.equal(entry.time, Object.values(entry.timings).reduce((sum, ms) => sum + Math.max(0, ms), 0));
  });

  it('keeps the messages of a connection whose ID comes again', () => {
    const once = (t: number, seq: number): RecordingEntry[] => [
      { kind: 'connection_opened', t, connection: 'c1', threads: [] }, frame(seq, { connection: 'c1', body: seq }), { kind: 'connection_closed', t: t + 50, connection: 'c1', code: 1000 + seq },
    ];
    const entries = exported([...once(0, 1), ...once(100, 2)]);
    assert.deepEqual(entries.map(({ _webSocketMessages: [first], _threadLens: { close_code: code } }) => [first?.data, code]), [['1', 1001], ['2', 1002]]);
  });

  it('holds no secret', () => {
    const text = JSON.stringify(exported(RECORDING));
    assert.ok(!text.includes('hunter22') && !text.includes('abcdefgh12345678'));
    assert.ok(text.includes('[REDACTED]'));
  });

  it('comes back as it went out: the same messages of the same connections at the same times', () => {
    const body = fc.oneof(fc.json().map((text) => ({ text })), fc.uint8Array().map((bytes) => ({ base64: Buffer.from(bytes).toString('base64') })));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'main_1'), fc.constantFrom('in' as const, 'out' as const), body, fc.nat(1000)), { minLength: 1, maxLength: 20 }), (frames) => {
        let t = 0;
        const opened = [...new Set(frames.map(([connection]) => connection))].map((connection): RecordingEntry => ({ kind: 'connection_opened', t: 0, connection, threads: [] }));
        const entries = [...opened, ...frames.map(([connection, direction, content, wait], at): RecordingEntry => ({ kind: 'frame', t: (t += wait), seq: at + 1, direction, peer: 'client', connection, bytes: 0, ...content }))];
        const back = imported(exported(entries));
        const times = (list: readonly RecordingEntry[]): unknown => list
          .flatMap((entry) => (entry.kind === 'frame' ? [[entry.connection, entry.direction, entry.t, entry.text === undefined ? entry.base64 : JSON.parse(entry.text)]] : []))
          // What two connections did in the same moment has no order.
          .sort(([a], [b]) => String(a).localeCompare(String(b)));
        assert.deepEqual(times(back.entries), times(entries));
        const a = new RecordedStreams(HEADER, false);
        const b = new RecordedStreams(back.header, false);
        for (const [side, list] of [[a, entries], [b, back.entries]] as const) for (const entry of list) side.take(entry);
        assert.deepEqual(compareRecordings(a, b, false).differences, []);
      }),
    );
  });
});

describe('HAR import', () => {
  it('reads what Chrome writes', () => {
    const har = importHar(JSON.parse(readFileSync(CHROME, 'utf8')), '0.1.0');
    assert.deepEqual([har.connections, har.messages, har.skippedEntries, har.skippedMessages], [1, 4, 1, 2]);
    assert.deepEqual(har.header, { thread_lens_recording: 1, created: '2025-09-03T16:52:41.298Z', source: 'har', url: 'ws://localhost:8000/ws', version: '0.1.0', redacted: true });
    const [opened, greeting, chat, started, binary] = har.entries;
    assert.ok(opened?.kind === 'connection_opened' && chat?.kind === 'frame' && started?.kind === 'frame' && binary?.kind === 'frame' && greeting?.kind === 'frame');
    assert.equal(opened.connection, 'conn_dev-temp-cc173c1d_3052f606');
    assert.equal(opened.user, 'dev-temp-cc173c1d');
    assert.deepEqual([greeting.direction, chat.direction, chat.type, chat.thread], ['out', 'in', 'chat', T1]);
    assert.equal(started.run, `${T1}_run_1756919162904_9adf1f09`);
    assert.equal(started.t, 1606);
    assert.deepEqual([binary.base64, binary.bytes], ['AQIDBA==', 4]);
    const text = JSON.stringify(har);
    assert.ok(!text.includes('tok-5f0c2a9e77') && !text.includes('9b1de0c4f7'), text);
  });

  it('is a recording that reads back', () => {
    const har = importHar(JSON.parse(readFileSync(CHROME, 'utf8')), '0.1.0');
    const reader = new RecordingReader();
    const read = [har.header, ...har.entries].map((line) => reader.line(recordingLine(line).trimEnd())).filter((entry) => entry !== undefined);
    assert.deepEqual(read, har.entries);
  });

  it('takes times in milliseconds too, and none at all', () => {
    const session = (time: unknown) => ({ startedDateTime: '2025-09-03T16:52:40.000Z', request: { url: 'ws://x/ws' }, _webSocketMessages: [{ type: 'send', time, opcode: 1, data: 'a' }] });
    for (const [time, t] of [[1756918361.5, 1500], [1756918361500, 1500], ['2025-09-03T16:52:41.500Z', 1500], [-1, 0], [undefined, 0]] as const) {
      const [, first] = imported([session(time)]).entries;
      assert.equal(first?.t, t, String(time));
    }
  });

  it('refuses what is no HAR, saying what it is', () => {
    for (const [har, message] of [[{ traces: [] }, /expected a HAR.*received an object with traces/], ['x', /received "x"/], [null, /received null/], [[], /received an array/], [{ log: { entries: {} } }, /received an object with log/]] as const) {
      assert.throws(() => importHar(har, '0'), (error: unknown) => error instanceof HarError && message.test(error.message));
    }
  });

  it('never ends in anything but a recording that reads back, whatever the entries are', () => {
    const message = fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('send', 'receive', 'x'), time: fc.oneof(fc.double(), fc.string(), fc.nat()), opcode: fc.constantFrom(1, 2, 8, 'x'), data: fc.oneof(fc.string(), fc.base64String(), fc.nat()) }, { requiredKeys: [] }));
    const har = fc.oneof(fc.jsonValue(), fc.record({ startedDateTime: fc.oneof(fc.string(), fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString())), request: fc.jsonValue(), time: fc.jsonValue(), _threadLens: fc.jsonValue(), _webSocketMessages: fc.oneof(fc.array(message), fc.jsonValue()) }, { requiredKeys: ['_webSocketMessages'] }));
    fc.assert(
      fc.property(fc.array(har), (entries) => {
        const read = imported(entries);
        const reader = new RecordingReader();
        for (const line of [read.header, ...read.entries]) reader.line(recordingLine(line).trimEnd());
        assert.ok(read.entries.every((entry, at) => at === 0 || entry.t >= (read.entries[at - 1]?.t ?? 0)));
      }),
    );
  });
});
