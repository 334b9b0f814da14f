import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BEHAVIOUR_NAMES, BEHAVIOURS, behavioursOf, isBehaviour, isProfile, profileOf, PROFILES, UnknownOptionError } from '../../../../src/core';

describe('behaviours', () => {
  it('are none by default, and all of them in the original', () => {
    assert.deepEqual([...behavioursOf()], []);
    assert.deepEqual([...behavioursOf('original')], [...BEHAVIOUR_NAMES]);
    assert.equal(PROFILES.strict.size, 0);
  });

  it('can each be switched alone, on in strict and off in original', () => {
    for (const name of BEHAVIOUR_NAMES) {
      assert.deepEqual([...behavioursOf('strict', { [name]: true })], [name]);
      const rest = behavioursOf('original', { [name]: false });
      assert.equal(rest.has(name), false);
      assert.equal(rest.size, BEHAVIOUR_NAMES.length - 1);
    }
  });

  it('are described in one sentence that fits a row of a list, with the source', () => {
    for (const [name, { summary, source }] of Object.entries(BEHAVIOURS)) {
      assert.match(summary, /^\S.{1,70}\.$/, name);
      assert.match(source, /^\d/, name);
    }
  });

  it('come in the order of the table, whatever the order of the switches', () => {
    fc.assert(fc.property(fc.shuffledSubarray([...BEHAVIOUR_NAMES]), (names) => {
      const on = behavioursOf('strict', Object.fromEntries(names.map((name) => [name, true])));
      assert.deepEqual([...on], BEHAVIOUR_NAMES.filter((name) => names.includes(name)));
    }));
  });

  it('are refused when they do not exist, and the error names what there is', () => {
    for (const [profile, overrides, message] of [
      ['faithful', {}, /Unknown profile: expected one of strict, original, received "faithful"/],
      ['toString', {}, /Unknown profile/],
      [7, {}, /received 7/],
      ['strict', { typeRewritng: true }, /Unknown behaviour: expected one of unassociatedAtConnect, .*, received "typeRewritng"/],
      ['strict', { constructor: true }, /Unknown behaviour/],
      ['strict', { typeRewriting: 'on' }, /Unknown switch of typeRewriting: expected true or false, received "on"/],
      ['strict', null, /an object of names with true or false, received null/],
      ['strict', ['typeRewriting'], /received an array/],
    ] as const) {
      assert.throws(() => behavioursOf(profile, overrides), (error) => error instanceof UnknownOptionError && message.test(error.message), String(message));
    }
  });

  it('are recognised as a profile when they are exactly one', () => {
    assert.equal(profileOf(new Set()), 'strict');
    assert.equal(profileOf(behavioursOf('original')), 'original');
    assert.equal(profileOf(behavioursOf('original', { closeAllTabs: false })), undefined);
  });

  it('know their names', () => {
    assert.ok(isBehaviour('typeRewriting') && !isBehaviour('valueOf') && !isBehaviour(1));
    assert.ok(isProfile('original') && !isProfile('hasOwnProperty') && !isProfile(undefined));
  });
});
