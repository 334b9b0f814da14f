import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DIALECTS, extractThreadId, generateRunId, isSuspiciousThreadId, isValidThreadId, parseRunId, Reminter } from '../../../../src/core/index';
import { readVectors } from '../ids/read-vectors';
import { frame } from './entries';

const T1 = 'thread_13679e4dcc38403a';
const R1 = `${T1}_run_1756919162904_9adf1f09`;

function reminter(seed = 'seed', shiftMs = 86_400_000): Reminter {
  return new Reminter({ seed, shiftMs });
}

describe('IDs minted anew', () => {
  const part = fc.oneof(fc.constantFrom('user', 'test', 'session', 'run', 'thread', 'ab', 'Chat', 'latest'), fc.stringMatching(/^[a-zA-Z0-9]{1,16}$/));
  const thread = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `thread_${parts.join('_')}`);
  const id = fc.oneof(
    thread,
    fc.tuple(thread, fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 }), fc.stringMatching(/^[0-9a-f]{8}$/)).map(([of, ms, tail]) => `${of}_run_${ms}_${tail}`),
    fc.tuple(part, fc.stringMatching(/^[0-9a-f]{8}$/)).map(([of, tail]) => `run_${of}_${tail}`),
    fc.uuid({ version: 4 }).map((uuid) => `run_${uuid}`),
    fc.tuple(part, fc.stringMatching(/^[0-9a-f]{8}$/)).map(([of, tail]) => `conn_${of}_${tail}`),
  );

  it('are taken apart as the old ones were: each dialect finds the new thread where it found the old one', () => {
    fc.assert(
      fc.property(fc.array(id, { minLength: 1, maxLength: 20 }), fc.string(), (ids, seed) => {
        const mint = reminter(seed);
        for (const old of ids) {
          const made = mint.id(old);
          for (const dialect of DIALECTS) {
            const thread = extractThreadId(old, dialect);
            assert.deepEqual(extractThreadId(made, dialect), thread && { ...thread, threadId: mint.id(thread.threadId) }, `${dialect}: ${old} → ${made}`);
          }
          assert.equal(isValidThreadId(made), isValidThreadId(old));
          assert.equal(isSuspiciousThreadId(made), isSuspiciousThreadId(old), `${old} → ${made}`);
          assert.equal(parseRunId(made)?.kind, parseRunId(old)?.kind, `${old} → ${made}`);
        }
      }),
    );
  });

  it('are taken apart as the old ones were, for every ID whose thread the original told', () => {
    const mint = reminter();
    for (const { input } of readVectors<{ input: unknown }>('extraction')) {
      if (typeof input !== 'string') continue;
      const thread = extractThreadId(input);
      const made = extractThreadId(mint.id(input));
      assert.equal(made?.pattern, thread?.pattern, `${input} → ${mint.id(input)}`);
      assert.equal(made?.threadId, thread && mint.id(thread.threadId));
    }
  });

  it('are different for different IDs, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 60 }), (ids) => {
        const mint = reminter();
        const made = ids.map(mint.id);
        assert.equal(new Set(made).size, ids.length);
        const again = reminter();
        assert.deepEqual(ids.map(again.id), made);
      }),
    );
  });

  it('are other ones, with times that keep their distance', () => {
    const mint = reminter('seed', 3_600_000);
    const made = mint.id(R1);
    assert.notEqual(mint.id(T1), T1);
    assert.equal(extractThreadId(made)?.threadId, mint.id(T1));
    assert.equal(parseRunId(made)?.timestamp, 1756919162904 + 3_600_000);
    assert.notEqual(parseRunId(made)?.suffix, '9adf1f09');
    const later = generateRunId(T1, { now: () => 1756919162904 + 5, random: () => '00000001' });
    assert.equal(parseRunId(mint.id(later))?.timestamp, 1756919162904 + 3_600_005);
  });

  it('keep UUIDs of version 4', () => {
    const made = reminter().id('run_9f5d282b-ac2c-4745-ab6c-1b8418427760');
    assert.match(made, /^run_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(made, 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760');
  });

  it('run out of nothing: all single digits have a partner', () => {
    const mint = reminter();
    const made = Array.from({ length: 10 }, (_, digit) => mint.id(`thread_${digit}`));
    assert.equal(new Set(made).size, 10);
  });
});

describe('bodies with IDs minted anew', () => {
  it('have them replaced wherever they stand, and stay byte for byte elsewhere', () => {
    const mint = reminter();
    const body = `{"type": "agent_started",  "run_id":"${R1}", "n": 1.0, "payload":{"note":"for ${T1}, see http://x/${T1}?a=1","big":12345678901234567890}}`;
    const made = mint.body(body);
    assert.equal(made, body.replaceAll(R1, mint.id(R1)).replaceAll(T1, mint.id(T1)));
    assert.ok(!made.includes('13679e4dcc38403a'));
  });

  it('have opaque IDs replaced that only fields tell: as values, and in prose when they are no mere words', () => {
    const mint = reminter();
    mint.learn(frame(1, { connection: 'c-00af', thread: 'Sales-Room-7' }));
    mint.learn({ kind: 'connection_opened', t: 0, connection: 'c-00af', user: 'alice', threads: [] });
    const made = JSON.parse(mint.body('{"room":"Sales-Room-7","user_id":"alice","say":"alice joined Sales-Room-7"}')) as Record<string, string>;
    assert.equal(made['room'], mint.id('Sales-Room-7'));
    assert.notEqual(made['room'], 'Sales-Room-7');
    assert.equal(made['user_id'], mint.id('alice'));
    assert.equal(made['say'], `alice joined ${mint.id('Sales-Room-7')}`);
  });

  it('have them replaced in what a connection said of itself, too', () => {
    const mint = reminter();
    const opened = { kind: 'connection_opened', t: 0, connection: 'conn_alice_3052f606', user: 'alice', threads: [T1], headers: { referer: `http://h/chat/${T1}?user_id=alice`, 'x-user': 'alice', accept: '*/*' } } as const;
    mint.learn(opened);
    const { headers } = mint.entry(opened);
    assert.deepEqual(headers, { referer: `http://h/chat/${mint.id(T1)}?user_id=${mint.id('alice')}`, 'x-user': mint.id('alice'), accept: '*/*' });
  });

  it('name what a server called a connection instead', () => {
    const mint = reminter();
    mint.assign('conn_dev_3052f606', 'conn_dev_ffffffff');
    assert.equal(mint.body('{"connection_id":"conn_dev_3052f606"}'), '{"connection_id":"conn_dev_ffffffff"}');
    assert.equal(mint.body('bye conn_dev_3052f606!'), 'bye conn_dev_ffffffff!');
  });

  it('stay JSON of the same shape, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const made: unknown = JSON.parse(reminter().body(text));
        assert.deepEqual(shapeOf(made), shapeOf(value));
      }),
    );
  });
});

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, item]) => [name, shapeOf(item)]);
  return typeof value;
}
