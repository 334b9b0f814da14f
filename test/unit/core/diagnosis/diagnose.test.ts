import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { diagnose, LogAnalyser, type Diagnosis, type LiveState } from '../../../../src/core/index';
import { associate, at, connect, fromRegistry, miss, R, sample, success, T, T2, unresolved, UUID_RUN } from './log-lines';
import { CONTAINERS, sampleLines, SHAPE_FACTS } from './shape-fixtures';

const FOUNDING = 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const ids = (diagnoses: readonly Diagnosis[]): string[] => diagnoses.map((one) => one.id);

describe('diagnose', () => {
  describe('the founding error', () => {
    it('says it all in one sentence', () => {
      const [first, ...rest] = diagnose(FOUNDING);
      assert.equal(first?.id, 'composite-as-thread');
      assert.equal(first.verdict, 'A composite run ID was used as the thread key; connections listen on thread_13679e4dcc38403a, so nothing can match.');
      assert.deepEqual(first.catalogue, ['F1']);
      assert.equal(first.expected, T);
      assert.equal(first.received, R);
      assert.equal(first.evidence[0]?.offset, FOUNDING.indexOf('thread_13679'));
      assert.ok(first.actions.some((action) => action.code === 'use-thread-id'));
      assert.deepEqual(rest, []);
    });

    it('is the same in every container', () => {
      for (const { wrap } of Object.values(CONTAINERS)) {
        assert.equal(diagnose({ line: wrap(`${FOUNDING}. Active connections: 1`) })[0]?.id, 'composite-as-thread');
      }
    });

    it('is found in the lines of a log that is given as one text', () => {
      const log = `${connect(1)}\n${FOUNDING}. Active connections: 1\n`;
      assert.deepEqual(diagnose({ lines: log }), diagnose({ lines: log.split('\n') }));
      assert.equal(diagnose({ lines: log })[0]?.id, 'composite-as-thread');
    });

    it('counts who is live', () => {
      const live: LiveState = { threads: [{ id: T, connections: 2 }] };
      const [first] = diagnose({ line: FOUNDING, live });
      assert.equal(first?.verdict, 'A composite run ID was used as the thread key; 2 connections listen on thread_13679e4dcc38403a, so nothing can match.');
      assert.deepEqual(first.nearMisses, [{ threadId: T, connections: 2, why: "this composite ID's own thread" }]);
      assert.equal(first.inferred, false);
    });
  });

  describe('samples', () => {
    const leading: Record<string, [id: string | undefined, rows: string[]]> = {
      'seed_bug_before_fix_info_level.log': ['composite-as-thread', ['F1']],
      'never_associated_shadowed_method.log': ['never-associated', ['F2', 'F4']],
      'hyphenated_thread.log': ['validator-mismatch', ['F8']],
      'run_uuid_unresolvable.log': ['unresolvable-run', ['F7']],
      'dead_socket.log': ['dead-socket', []],
      'field_excerpts.log': ['composite-as-thread', ['F1']],
      'healthy.log': ['suspicious-run-id-noise', ['F28']],
    };
    for (const [name, [id, rows]] of Object.entries(leading)) {
      it(`${name}: ${id}`, () => {
        const lines = sampleLines(name);
        const found = diagnose({ lines });
        assert.equal(found[0]?.id, id);
        assert.deepEqual(found[0]?.catalogue.toSorted((a, b) => (a < b ? -1 : 1)), rows);
        const firstNoise = found.findIndex((one) => one.noise);
        assert.ok(firstNoise < 0 || found.slice(firstNoise).every((one) => one.noise), 'noise comes last');
        for (const one of found) for (const place of one.evidence) assert.equal(place.text, lines[(place.line ?? 0) - 1]?.slice(0, 500).concat((lines[(place.line ?? 0) - 1]?.length ?? 0) > 500 ? '…' : ''));
      });
    }

    it('gives the healthy log nothing but noise', () => {
      assert.ok(diagnose({ lines: sampleLines('healthy.log') }).every((one) => one.noise));
    });

    it('finds the poisoned registry behind the founding failure, from INFO alone', () => {
      const found = diagnose({ lines: sampleLines('seed_bug_before_fix_info_level.log') });
      assert.deepEqual(ids(found).slice(0, 2), ['composite-as-thread', 'poisoned-registry']);
      // The extraction and the miss that follows; from then on it is the registry that answers with the run ID, and its misses.
      assert.deepEqual(found.slice(0, 2).map(({ count }) => count), [2, 9]);
      assert.equal(found[0]?.inferred, true);
      assert.match(found[0].verdict, /1 connection listens on thread_13679e4dcc38403a/);
    });
  });

  describe('an ID', () => {
    it('has nothing to say of a good one but what versions disagree about', () => {
      assert.deepEqual(ids(diagnose(R)), ['dialects-disagree']);
      assert.deepEqual(diagnose(T), []);
    });

    const cases: [string, string][] = [
      [UUID_RUN, 'unresolvable-run'],
      ['thread_user-1_run_1756919162904_9adf1f09', 'validator-mismatch'],
      ['thread_x__y_run_1_deadbeef', 'validator-mismatch'],
      ['run_1756919162904_9adf1f09', 'timestamp-as-thread'],
      ['mythread_4242', 'false-extraction'],
      ['mythread_test', 'word-blacklist'],
      ['thread_thread_x_run_1_deadbeef', 'doubled-prefix'],
      ['run_triage_u1', 'sub-agent-lost'],
      ['thread_dev-temp-cc173c1d', 'validator-mismatch'],
      ['startup_test_12345', 'startup-self-test'],
      ['default', 'placeholder-id'],
      ['registry', 'bad-context'],
      ['None', 'bad-context'],
      ['', 'bad-context'],
    ];
    for (const [id, fault] of cases) it(`${id || '(blank)'}: ${fault}`, () => assert.equal(diagnose({ id })[0]?.id, fault));

    it('asks the registry first', () => {
      const lookup = (threadId: string, expired = false): LiveState => ({ lookup: () => ({ threadId, expired }) });
      assert.deepEqual(diagnose({ id: UUID_RUN, live: { ...lookup(T), threads: [{ id: T, connections: 1 }] } }), []);
      assert.equal(diagnose({ id: R, live: lookup(R) })[0]?.id, 'poisoned-registry');
      assert.equal(diagnose({ id: UUID_RUN, live: lookup(T, true) })[0]?.id, 'registry-expired');
    });

    it('of a connection tells what keeps it from receiving', () => {
      const live = (threads: string[], healthy: boolean): LiveState => ({ connections: [{ id: 'conn_u1_00000001', threads, healthy }] });
      assert.deepEqual(diagnose({ id: 'conn_u1_00000001' }), []);
      assert.deepEqual(diagnose({ id: 'conn_u1_00000001', live: live([T], true) }), []);
      assert.equal(diagnose({ id: 'conn_u1_00000001', live: live([], true) })[0]?.id, 'never-associated');
      assert.equal(diagnose({ id: 'conn_u1_00000001', live: live([T], false) })[0]?.id, 'dead-socket');
    });

    it('looks at who is live', () => {
      const connection = (id: string, threads: string[], userId = 'u1', healthy = true) => ({ id, threads, userId, healthy });
      const first = (...connections: ReturnType<typeof connection>[]): Diagnosis | undefined => diagnose({ id: T, live: { connections } })[0];
      assert.equal(first(connection('c1', [T])), undefined);
      assert.equal(first()?.id, 'nobody-connected');
      assert.equal(first(connection('c1', []))?.id, 'never-associated');
      assert.equal(first(connection('c1', [T], 'u1', false))?.id, 'dead-socket');
      assert.equal(first(connection('c1', [T], 'u1', false), connection('c2', [T2]))?.id, 'dead-socket');
      assert.equal(first(connection('c1', [T]), connection('c2', [T], 'u2'))?.id, 'users-share-thread');
      assert.equal(first(connection('c1', ['13679e4dcc38403a']))?.id, 'prefix-mismatch');
      const near = first(connection('c1', [`${T.slice(0, -1)}b`]));
      assert.equal(near?.id, 'wrong-thread');
      assert.equal(near.nearMisses[0]?.why, '1 character away');
      assert.equal(near.inferred, false);
      assert.equal(diagnose({ id: R, live: { connections: [connection('c1', [R])] } })[0]?.id, 'composite-as-thread');
    });
  });

  describe('a log', () => {
    it('groups by fault and thread, with counts', () => {
      const found = diagnose({ lines: [miss(1, R), miss(2, R), miss(3, R), miss(4, `${T2}_run_1756919162904_9adf1f09`)] });
      assert.deepEqual(found.map((one) => [one.id, one.expected, one.count]), [['composite-as-thread', T, 3], ['composite-as-thread', T2, 1]]);
    });

    it('takes the state at the time of the miss, not of a later line', () => {
      const [first] = diagnose({ lines: [connect(0), miss(1), connect(1.1, 'u2', 2), associate(1.2, T2, 'u2')] });
      assert.equal(first?.id, 'never-associated');
    });

    it('believes the Sample line rather than its own reckoning', () => {
      const [first] = diagnose({ lines: [connect(0), associate(1), miss(2), sample(2, '[None]')] });
      assert.equal(first?.id, 'never-associated');
      assert.equal(first.evidence.length, 2);
    });

    it('lets what is live stand in when the log tells of no connection', () => {
      const live: LiveState = { threads: [{ id: `${T.slice(0, -1)}b`, connections: 1 }] };
      assert.equal(diagnose({ lines: [miss(1)], live })[0]?.nearMisses[0]?.why, '1 character away');
      assert.equal(diagnose({ lines: [connect(0), miss(1)], live })[0]?.id, 'never-associated');
    });

    it('forgets connections at a shutdown', () => {
      const [first] = diagnose({ lines: [connect(0), associate(1), at(2, 'Shutting down WebSocket manager with 1 connections'), miss(3, T, 0)] });
      assert.equal(first?.id, 'client-disconnected');
    });

    it('applies a user association to connections that the log does not tell of', () => {
      assert.equal(diagnose({ lines: [associate(1), miss(2, R)] })[0]?.verdict.includes('1 connection listens'), true);
    });

    it('says how many handlers there are in the end', () => {
      const lines = [1, 2, 3, 4, 5, 580].map((count) => at(count, `Total handlers after registration: ${count}`));
      const [first] = diagnose({ lines });
      assert.deepEqual([first?.id, first?.count], ['handler-accumulation', 3]);
      assert.match(first?.verdict ?? '', /^There are 580 message handlers/);
      assert.match(diagnose({ lines: [...lines, at(600, 'Total handlers after registration: 3')] })[0]?.verdict ?? '', /^There were up to 580 message handlers/);
    });

    it('does not take the reading of a healthy run for a fault', () => {
      const lines = [connect(0), associate(1), fromRegistry(2, R, T), success(2, 'agent_started'), success(3, 'agent_completed')];
      assert.deepEqual(diagnose({ lines }), []);
    });
  });

  it('shows no secret in its evidence', () => {
    const [first] = diagnose({ lines: [at(1, 'JWT validation failed: token=abc123secret Authorization: Bearer abc123secret', 'ERROR')] });
    assert.equal(first?.id, 'jwt-rejected');
    assert.ok(!JSON.stringify(first).includes('abc123secret'));
  });

  it('takes an ID with white space around it for an ID', () => {
    assert.equal(diagnose(` ${UUID_RUN}\n`)[0]?.id, 'unresolvable-run');
    assert.deepEqual(diagnose('two words'), []);
  });

  describe('streaming', () => {
    it('gives the same as the whole', () => {
      const lines = sampleLines('never_associated_shadowed_method.log');
      const analyser = new LogAnalyser();
      lines.forEach((line, index) => analyser.add(line, index + 1));
      assert.deepEqual(analyser.finish(), diagnose({ lines }));
    });

    it('keeps a bounded number of groups and places', () => {
      const analyser = new LogAnalyser();
      for (let n = 0; n < 5000; n++) {
        analyser.add(connect(n / 10, `u${n}`), n);
        analyser.add(unresolved(n / 10, `${UUID_RUN.slice(0, -6)}${String(n).padStart(6, '0')}`), n);
        analyser.add(miss(n / 10, R), n);
      }
      const found = analyser.finish();
      assert.equal(found.length, 2000);
      assert.ok(analyser.dropped >= 3000);
      const composite = found.find((one) => one.id === 'composite-as-thread');
      assert.equal(composite?.count, 5000);
      assert.equal(composite.evidence.length, 8);
    });
  });

  it('never throws, whatever it is given', () => {
    const id = fc.oneof(fc.constantFrom(R, T, UUID_RUN, `thread_${T}`, 'None', '', 'user123', 'conn_u1_00000001', 'startup_test_1'), fc.string({ maxLength: 30 }));
    const message = fc.tuple(fc.constantFrom(...SHAPE_FACTS.map((fact) => fact.shape)), fc.array(id, { minLength: 8, maxLength: 8 })).map(([shape, values]) => {
      let next = 0;
      return shape.replace(/<\w+>/g, () => values[next++ % 8] ?? '');
    });
    const json = fc.record({ type: fc.constantFrom('switch_thread', 'ack', 'thread_created', 'user_message', 'agent_started', 'ping', 'x'), run_id: fc.anything(), thread_id: fc.anything(), payload: fc.anything(), data: fc.anything() }, { requiredKeys: ['type'] });
    const line = fc.oneof(message, fc.tuple(fc.nat(400), message).map(([s, m]) => at(s, m)), json.map((value) => stringified(value)), fc.string());
    fc.assert(fc.property(fc.array(line, { maxLength: 25 }), id, (lines, text) => {
      for (const one of [...diagnose({ lines }), ...diagnose(text), ...diagnose({ id: text, live: { threads: [{ id: T, connections: 1 }] } })]) {
        assert.ok(one.verdict.length > 0 && one.confidence > 0 && one.confidence <= 1 && one.count > 0);
      }
    }), { numRuns: 500 });
  });

  it('does not follow JSON into the depth', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    assert.deepEqual(diagnose({ line: `{"type":"agent_started","run_id":"r","payload":{"a":${deep}}}` }), []);
    assert.deepEqual(diagnose({ line: `{"level":"INFO","message":"x","context":${deep}}` }), []);
  });

  it('takes time in proportion to the length of its lines', function () {
    this.timeout(60_000);
    for (const piece of ['CONTEXT VALIDATION ', "Thread ID mismatch: run_id '", "' object has no attribute '", 'contains forbidden placeholder', '{"a":', "'x': ", 'thread_', '_run_', '1011 ']) {
      const long = piece.repeat(1_000_000 / piece.length);
      diagnose({ line: long });
      diagnose({ id: `thread_${long}`.slice(0, 100_000) });
      diagnose({ line: `No connections found for thread ${long}. Active connections: 1` });
      diagnose({ line: `Sample connection thread_ids: [${long}` });
    }
  });
});

function stringified(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
  } catch {
    return '';
  }
}
