import assert from 'node:assert/strict';
import fc from 'fast-check';
import { INITIAL_STATE, readPageState } from '../../../src/webview/page-state';

describe('the state that the page keeps', () => {
  it('is the same after it was kept', () => {
    const state = { ...INITIAL_STATE, filter: 'thread:a', follow: false, tab: 'path' as const, selected: 12, clearedTo: 3, journal: 'j' };
    assert.deepEqual(readPageState(JSON.parse(JSON.stringify(state))), state);
  });

  it('is usable whatever was kept', () => {
    assert.deepEqual(readPageState(undefined), INITIAL_STATE);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(INITIAL_STATE)), fc.jsonValue()), (kept) => {
        const state = readPageState(kept);
        for (const [name, value] of Object.entries(INITIAL_STATE)) assert.equal(typeof state[name as keyof typeof state], typeof value, name);
        assert.ok(state.split >= 15 && state.split <= 85 && state.span >= 1000);
        assert.ok(['json', 'raw', 'hex', 'path', 'connection'].includes(state.tab));
      }),
    );
  });
});
