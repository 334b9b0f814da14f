import assert from 'node:assert/strict';
import fc from 'fast-check';
import { INSPECTION_VERSION } from '../../src/protocol/inspection';
import { InspectionProtocolError, parseRouterMessage } from '../../src/protocol/router-message';

function reasonOf(text: string): string {
  try {
    parseRouterMessage(text);
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof InspectionProtocolError);
    return error.reason;
  }
}

describe('parseRouterMessage', () => {
  it('accepts what the protocol says and names what it refuses', () => {
    assert.equal(parseRouterMessage('{"type":"changes","seq":1,"reset":true}').type, 'changes');
    assert.equal(parseRouterMessage('{"type":"reply","id":1,"result":null}').type, 'reply');
    assert.equal(reasonOf(`{"type":"hello","version":${INSPECTION_VERSION + 1},"router":{}}`), 'other-version');
    assert.equal(reasonOf('{"type":"changes"}'), 'unknown-message');
    assert.equal(reasonOf('{"type":"changes","seq":1,"connections":[{"id":1}]}'), 'unknown-message');
    assert.equal(reasonOf('{"type":"changes","seq":1,"connections":[{"id":"c"}]}'), 'unknown-message');
    assert.equal(reasonOf('nonsense'), 'not-json');
  });

  it('throws nothing but its own error, on any text and any JSON', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void reasonOf(text)));
  });
});
