import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fromStored, toStored } from '../../../../src/router/store/stored-text';

describe('text as the file keeps it', () => {
  it('comes back as it was, from UTF-8 too, whatever it holds', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 })).map((units) => String.fromCharCode(...units)),
      fc.string().map((text) => `"${text}`),
      fc.string().map((text) => JSON.stringify(text)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        assert.equal(fromStored(Buffer.from(toStored(text)).toString()), text);
      }),
    );
  });

  it('is the text itself where it can be, for those who look into the file', () => {
    assert.equal(toStored('thread_13679e4dcc38403a_run_1756919162904_9adf1f09'), 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.equal(toStored('säule 🙂'), 'säule 🙂');
  });
});
