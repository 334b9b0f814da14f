import assert from 'node:assert/strict';
import { SharedTexts } from '../../../src/router/client/shared-texts';

describe('SharedTexts', () => {
  it('answers equal texts, and remembers no more and no longer ones than it may', () => {
    const texts = new SharedTexts(2, 5);
    for (const text of ['', 'a', 'longer than five', 'b', 'c', 'a', 'ümläut', '\u{1f600}']) assert.equal(texts.share(text), text);
    const known = (texts as unknown as { known: Map<string, string> }).known;
    assert.ok(known.size <= 2);
    assert.ok([...known.keys()].every((text) => text.length <= 5));
  });
});
