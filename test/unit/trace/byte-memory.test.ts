import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteMemory, Needle } from '../../../src/workbench/trace/search/byte-memory';

const SIZE = 4096;
const vectors = new ByteMemory(SIZE);
const plain = new ByteMemory(SIZE, false);

/** Few letters, so that needles are found, and nearly found, often. */
const bytes = fc.array(fc.constantFrom(10, 97, 98, 99), { maxLength: 600 }).map((list) => Buffer.from(list));
const needle = fc.array(fc.constantFrom(97, 98, 99), { minLength: 1, maxLength: 40 }).map((list) => Buffer.from(list).toString());

describe('search over bytes', () => {
  it('runs on vector instructions here: a module that does not compile would only be slow', () => {
    assert.equal(vectors.usesVectors, true);
    assert.equal(plain.usesVectors, false);
  });

  it('finds what Buffer.indexOf finds, in any part of memory', () => {
    fc.assert(
      fc.property(bytes, needle, fc.nat(700), (content, text, begin) => {
        for (const memory of [vectors, plain]) {
          memory.bytes.fill(97);
          content.copy(memory.bytes, begin);
          const expected = content.indexOf(text);
          assert.equal(memory.find(new Needle(text), begin, begin + content.length), expected < 0 ? -1 : begin + expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds a whole name only where it ends', () => {
    for (const memory of [vectors, plain]) {
      memory.bytes.fill(32);
      memory.bytes.write('user u12 user u1_ user u1, user u1', 5);
      assert.equal(memory.find(new Needle('user u1', true), 5, 39), 23);
      assert.equal(memory.find(new Needle('user u1', true), 24, 39), 32);
      assert.equal(memory.find(new Needle('user u1'), 5, 39), 5);
    }
  });

  it('counts newlines as a loop does, whatever stands around them', () => {
    fc.assert(
      fc.property(bytes, fc.nat(700), (content, begin) => {
        for (const memory of [vectors, plain]) {
          memory.bytes.fill(10);
          content.copy(memory.bytes, begin);
          assert.equal(memory.lines(begin, begin + content.length), content.filter((byte) => byte === 10).length);
        }
      }),
    );
  });

  it('finds a needle at the very end of memory, and not one that goes beyond', () => {
    for (const memory of [vectors, plain]) {
      memory.bytes.fill(0);
      memory.bytes.write('9adf1f09', SIZE - 8);
      assert.equal(memory.find(new Needle('9adf1f09'), 0, SIZE), SIZE - 8);
      assert.equal(memory.find(new Needle('9adf1f09'), 0, SIZE - 1), -1);
    }
  });
});
