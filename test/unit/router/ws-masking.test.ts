import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { NODE } from '../../../scripts/lib/bundle-options.mjs';
import { mask, unmask } from '../../../src/router/ws-masking';

const ROOT = join(__dirname, '../../..');

/** RFC 6455 section 5.3, word for word. */
function masked(bytes: Uint8Array, key: Uint8Array): number[] {
  return Array.from(bytes, (byte, index) => byte ^ (key[index % 4] ?? 0));
}

const keys = fc.uint8Array({ minLength: 4, maxLength: 4 });
const payloads = fc.uint8Array({ maxLength: 70 });
/** Where a payload lies in a chunk: at any address. */
const offsets = fc.nat(9);

describe('masking for ws', () => {
  it('unmasks in place, at any address, and touches nothing beside', () => {
    fc.assert(fc.property(payloads, keys, offsets, (payload, key, offset) => {
      const chunk = new Uint8Array(offset + payload.length + 5).fill(0xee);
      chunk.set(payload, offset);
      unmask(chunk.subarray(offset, offset + payload.length), key);
      assert.deepEqual([...chunk], [...Array.from({ length: offset }, () => 0xee), ...masked(payload, key), 0xee, 0xee, 0xee, 0xee, 0xee]);
    }));
  });

  it('masks into another buffer at an offset, as many bytes as asked', () => {
    fc.assert(fc.property(payloads, keys, offsets, offsets, (payload, key, offset, left) => {
      const length = Math.max(0, payload.length - left);
      const output = new Uint8Array(offset + payload.length + 5).fill(0xee);
      mask(payload, key, output, offset, length);
      const expected = new Uint8Array(output.length).fill(0xee);
      expected.set(masked(payload.subarray(0, length), key), offset);
      assert.deepEqual([...output], [...expected]);
    }));
  });

  it('masks a buffer onto itself, and twice is not at all', () => {
    fc.assert(fc.property(payloads, keys, (payload, key) => {
      const bytes = Uint8Array.from(payload);
      mask(bytes, key, bytes, 0, bytes.length);
      assert.deepEqual([...bytes], masked(payload, key));
      unmask(bytes, key);
      assert.deepEqual([...bytes], [...payload]);
    }));
  });

  it('is what ws calls in a bundle', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'thread-lens-masking-'));
    try {
      const outfile = join(directory, 'bundle.cjs');
      const { metafile } = await build({
        ...NODE, metafile: true, outfile, absWorkingDir: ROOT, stdin: { contents: "module.exports = require('./node_modules/ws/lib/buffer-util.js');", resolveDir: ROOT },
      });
      assert.ok(Object.keys(metafile.inputs).includes('src/router/ws-masking.ts'));
      const bundled = createRequire(__filename)(outfile) as { unmask(bytes: Buffer, key: Buffer): void };
      const text = Buffer.from('a text that is longer than what ws unmasks itself');
      const key = Buffer.from([1, 2, 3, 4]);
      const bytes = Buffer.from(masked(text, key));
      bundled.unmask(bytes, key);
      assert.deepEqual(bytes, text);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
