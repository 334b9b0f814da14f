import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RecordingError, RecordingReader, type RecordingEntry, recordingLine } from '../../../../src/core/index';
import { entry, HEADER } from './entries';

function readAll(text: string): { reader: RecordingReader; entries: RecordingEntry[] } {
  const reader = new RecordingReader();
  const lines = text.split('\n');
  const rest = lines.pop();
  const entries = [...lines.map((line) => reader.line(line)), rest === '' ? undefined : reader.line(rest!, false)].filter((read) => read !== undefined);
  return { reader, entries };
}

describe('the format of recordings', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const { reader, entries: read } = readAll([HEADER, ...entries].map(recordingLine).join(''));
        assert.deepEqual(reader.header, HEADER);
        assert.deepEqual(read, entries);
        assert.equal(reader.cut, false);
      }),
    );
  });

  it('is read up to the last whole line, wherever the file was cut', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.nat(), (entries, at) => {
        const head = recordingLine(HEADER);
        const text = head + entries.map(recordingLine).join('');
        const cutAt = head.length + (at % (text.length - head.length));
        const { entries: read } = readAll(text.slice(0, cutAt));
        const whole = text.slice(head.length, cutAt).split('\n').length - 1;
        // Cut right before its newline, the last entry is whole.
        assert.ok(read.length === whole || read.length === whole + 1);
        assert.deepEqual(read, entries.slice(0, read.length));
      }),
    );
  });

  it('may begin with a byte order mark', () => {
    assert.deepEqual(readAll(`\uFEFF${recordingLine(HEADER)}`).reader.header, HEADER);
  });

  it('never ends in anything but entries or a RecordingError, whatever is read', () => {
    const line = fc.oneof(
      fc.string(), fc.json(), entry.map((value) => JSON.stringify(value)),
      fc.tuple(entry, fc.string(), fc.jsonValue()).map(([value, name, other]) => JSON.stringify({ ...value, [name]: other })),
      fc.tuple(entry, fc.nat(), fc.jsonValue()).map(([value, at, other]) => JSON.stringify(Object.fromEntries(Object.entries(value).map(([name, item], i, all) => [name, i === at % all.length ? other : item])))),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          for (const read of readAll([JSON.stringify(HEADER), ...lines].join('\n')).entries) assert.equal(typeof read.kind, 'string');
        } catch (error) {
          assert.ok(error instanceof RecordingError, String(error));
        }
      }),
    );
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['a later version', '{"thread_lens_recording":2}', /expected a recording of version 1, received version 2/],
    ['another JSON file', '{"log":{"entries":[]}}', /expected the first line of a Thread Lens recording.*received "\{\\"log/],
    ['a text', 'hello', /expected the first line of a Thread Lens recording/],
    ['a header without a time', '{"thread_lens_recording":1,"created":"yesterday","source":"router","version":"1","redacted":true}', /line 1: expected a date and time \(ISO 8601\) in "created", received "\\"yesterday/],
    ['a header that does not promise redaction', '{"thread_lens_recording":1,"created":"2025-09-03","source":"router","version":"1"}', /expected true in "redacted", received none/],
    ['a frame with both bodies', `${JSON.stringify(HEADER)}\n{"kind":"frame","t":1,"seq":1,"direction":"in","peer":"client","bytes":1,"text":"a","base64":"YQ=="}\n`, /line 2: expected a frame with "text" or "base64", received both/],
    ['a negative time', `${JSON.stringify(HEADER)}\n{"kind":"gap","t":-1,"frames":1}\n`, /line 2: expected milliseconds from 0 on in "t", received "-1"/],
    ['a broken line before the end', `${JSON.stringify(HEADER)}\n{"kind":\n{"kind":"gap","t":1,"frames":1}\n`, /line 2: expected one JSON object/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => readAll(text), (error: unknown) => error instanceof RecordingError && message.test(error.message)));
  }

  it('says that an empty file is no recording', () => {
    assert.throws(() => readAll('').reader.header, /expected a Thread Lens recording, received an empty file/);
  });

  it('passes over what a later Thread Lens may add, and counts it', () => {
    const { reader, entries } = readAll(`${JSON.stringify(HEADER)}\n{"kind":"weather","t":1}\n{"kind":"gap","t":1,"frames":2,"because":"rain"}\n`);
    assert.deepEqual(entries, [{ kind: 'gap', t: 1, frames: 2 }]);
    assert.equal(reader.unknown, 1);
  });
});
