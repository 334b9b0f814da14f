import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MaskedFrames } from '../../../src/router/agent/masked-frames';

const MOST = 70_000;

function masked(first: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const header = Buffer.alloc(size);
  header[0] = first;
  header[1] = 0x80 | (size === 2 ? length : size === 4 ? 126 : 127);
  if (size === 4) header.writeUInt16BE(length, 2);
  if (size === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
}

/** Reads the bytes cut at the given places, each chunk in memory of its own. */
function read(bytes: Buffer, cuts: readonly number[]): { texts: string[]; controls: Buffer[]; rest: Buffer; spent: number } {
  const texts: string[] = [];
  const controls: Buffer[] = [];
  const rest: Buffer[] = [];
  let spent = 0;
  const frames = new MaskedFrames(
    {
      text: (payload) => texts.push(payload.toString()),
      spent: (memory) => {
        spent++;
        memory.fill(0);
      },
      control: (frame) => controls.push(frame),
      rest: (left) => rest.push(Buffer.from(left)),
    },
    MOST,
  );
  const places = [0, ...[...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < places.length; index++) {
    const chunk = bytes.subarray(places[index - 1], places[index]);
    if (chunk.length === 0) continue;
    // At any alignment, as the payloads in a socket's chunks lie.
    const memory = Buffer.alloc(chunk.length + (index % 4));
    chunk.copy(memory, index % 4);
    frames.take(memory.subarray(index % 4));
  }
  return { texts, controls, rest: Buffer.concat(rest), spent };
}

const mask = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes));
const size = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, MOST));
const text = fc.tuple(size, fc.constantFrom('x', 'é', '🙂')).map(([length, unit]) => unit.repeat(Math.floor(length / Buffer.byteLength(unit))));
const cuts = fc.array(fc.nat(200_000), { maxLength: 8 });
const sent = fc.oneof(
  { weight: 5, arbitrary: fc.record({ first: fc.constant(0x81), text, mask }) },
  { weight: 1, arbitrary: fc.record({ first: fc.constantFrom(0x89, 0x8a), text: fc.constant('beat'), mask }) },
);

describe('MaskedFrames', () => {
  it('reads whole texts and hands on control frames, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 5 }), cuts, (list, places) => {
        const bytes = Buffer.concat(list.map((one) => masked(one.first, Buffer.from(one.text), one.mask)));
        const found = read(bytes, places);
        assert.deepEqual(found.texts, list.filter(({ first }) => first === 0x81).map((one) => one.text));
        assert.deepEqual(found.controls, list.filter(({ first }) => first !== 0x81).map((one) => masked(one.first, Buffer.from(one.text), one.mask)));
        assert.equal(found.rest.length, 0);
      }),
      { numRuns: 400 },
    );
  });

  it('reads texts that arrive byte by byte', () => {
    const texts = ['', 'a', 'é'.repeat(70), 'x'.repeat(400)];
    const bytes = Buffer.concat(texts.map((one) => masked(0x81, Buffer.from(one), Buffer.from([1, 2, 3, 4]))));
    const found = read(bytes, Array.from(bytes, (_, at) => at));
    assert.deepEqual(found.texts, texts);
    assert.equal(found.rest.length, 0);
  });

  const mask4 = Buffer.from([0xa1, 0x02, 0xf3, 0x44]);
  const unusual: Readonly<Record<string, Buffer>> = {
    'a fragment': masked(0x01, Buffer.from('beginning'), mask4),
    'a continuation': masked(0x80, Buffer.from('end'), mask4),
    'a binary frame': masked(0x82, Buffer.from('bytes'), mask4),
    'a reserved bit': masked(0xc1, Buffer.from('text'), mask4),
    'an unmasked frame': Buffer.from([0x81, 1, 0x61]),
    'a text that is not UTF-8': masked(0x81, Buffer.from([0x61, 0xff, 0x62]), mask4),
    'a text above the limit': masked(0x81, Buffer.alloc(MOST + 1, 'x'), mask4),
    'a size beyond 32 bits': Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]),
    'a close': masked(0x88, Buffer.from([0x03, 0xe8]), mask4),
    'a control frame that is too long': masked(0x89, Buffer.alloc(126), mask4),
  };
  for (const [what, frame] of Object.entries(unusual)) {
    it(`hands on ${what} and all that follows untouched`, () => {
      const before = masked(0x81, Buffer.from('{"before":1}'), mask4);
      const tail = Buffer.concat([frame, masked(0x81, Buffer.from('after'), mask4)]);
      fc.assert(
        fc.property(cuts, (places) => {
          const found = read(Buffer.concat([before, tail]), places);
          assert.deepEqual(found.texts, ['{"before":1}']);
          assert.ok(found.rest.equals(tail), `expected ${tail.length} bytes as they came, received ${found.rest.length}`);
        }),
        { numRuns: 100 },
      );
    });
  }
});
