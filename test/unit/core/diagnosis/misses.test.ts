import assert from 'node:assert/strict';
import { diagnose, type Diagnosis } from '../../../../src/core/index';
import { associate, at, connect, fromRegistry, miss, R, register, sample, T, unresolved, UUID_RUN } from './log-lines';

const first = (...lines: string[]): Diagnosis => {
  const [found] = diagnose({ lines });
  assert.ok(found);
  return found;
};

/** What a message that reached nobody is said to have met. */
describe('diagnose: a miss', () => {
  it('strips only the prefixes at the beginning of a doubled one', () => {
    const { id, expected, verdict } = first(connect(0), associate(1, 'thread_my_thread_55'), miss(2, 'thread_thread_my_thread_55'));
    assert.deepEqual([id, expected], ['doubled-prefix', 'thread_my_thread_55']);
    assert.match(verdict, /connections listen with one, on thread_my_thread_55\.$/);
    assert.equal(first(miss(1, `thread_thread_${T}`)).expected, T);
  });

  it('names each thread that is near or live once, and counts who listens', () => {
    const near = `${T.slice(0, -1)}b`;
    const twice = first(connect(0), associate(1, near), miss(2, T, 2), sample(2, `['${near}', '${near}']`));
    assert.deepEqual(twice.nearMisses, [{ threadId: near, connections: 1, why: '1 character away' }]);
    assert.equal(twice.verdict, `2 connections are active, but none on ${T}: they listen on ${near} (1 character away).`);
    assert.equal(first(miss(1, T, 2), sample(1, "['thread_q', 'thread_q']")).verdict, `2 connections are active, but none on ${T}: they listen on thread_q.`);
    assert.equal(first(associate(1, 'thread_q', 'u1', 2), miss(2, T, 2)).verdict, `2 connections are active, but none on ${T}: they listen on thread_q.`);
    assert.equal(first(associate(1, 'thread_q'), miss(2, T, 2)).verdict, `2 connections are active, but none on ${T}: one listens on thread_q.`);
    assert.equal(first(associate(1, 'thread_q'), miss(2, T, 1)).verdict, `1 connection is active, but none on ${T}: it listens on thread_q.`);
  });

  it('does not say that somebody listens where nobody is connected', () => {
    assert.equal(first(miss(1, R, 0)).verdict, `A composite run ID was used as the thread key; clients would listen on ${T}, so nothing can match.`);
    assert.match(first(miss(1, R, 1)).verdict, /connections listen on/);
  });

  it('blames the registry only while it holds the mapping', () => {
    const cut = at(3, `PRIORITY 4 SUCCESS: run_id=${R} → thread_id=${R} via pattern extraction (0.2ms)`);
    const missOf = (...lines: string[]): string | undefined => diagnose({ lines }).find(({ evidence }) => evidence.some(({ line }) => line === lines.length))?.id;
    assert.equal(missOf(fromRegistry(1, R, R), miss(4, R)), 'poisoned-registry');
    assert.equal(missOf(fromRegistry(1, R, R), at(2, `🗑️ UNREGISTERED: run_id=${R} from thread_id=${R}`), cut, miss(4, R)), 'composite-as-thread');
    assert.equal(missOf(fromRegistry(1, R, R), at(2, 'ThreadRunRegistry initialized and ready'), cut, miss(4, R)), 'composite-as-thread');
  });

  it('remembers the thread of a run that bridge and registry both say they forgot', () => {
    const gone = [at(1, `🗑️ UNREGISTERED: run_id=${UUID_RUN} from thread_id=${T}`), at(1, `🗑️ MAPPING UNREGISTERED: run_id=${UUID_RUN}`, 'DEBUG')];
    const { id, threadId, verdict } = first(register(0, UUID_RUN, T), ...gone, unresolved(2, UUID_RUN));
    assert.deepEqual([id, threadId], ['late-event', T]);
    assert.match(verdict, new RegExp(`unregistered from ${T} when`));
  });

  it('believes a confirmed association of a connection', () => {
    for (const words of ['set for start_agent: connection', 'updated for connection', 'confirmed for connection']) {
      const user = words.startsWith('confirmed') ? ' user=u1,' : '';
      const { id, verdict } = first(connect(0), at(1, `Thread association ${words}=conn_u1_00000001,${user} thread=thread_q`), miss(2, T, 1));
      assert.equal(id, 'wrong-thread', verdict);
      assert.match(verdict, /it listens on thread_q\.$/);
    }
  });

  it('does not believe in an association of no connection', () => {
    const found = diagnose({ lines: [connect(0), associate(1, T, 'u1', 0), miss(2, T, 1)] });
    assert.deepEqual(found.map(({ id }) => id), ['never-associated', 'association-failed']);
    assert.equal(found[1]?.verdict, 'u1 had no connection when its thread was set, so nothing was associated.');
  });

  it('looks again for a near thread that came after the first miss', () => {
    const near = `${T.slice(0, -1)}b`;
    const found = diagnose({ lines: [miss(1, T, 0), connect(2), associate(3, near), miss(4, T, 1)] });
    assert.deepEqual(found.find(({ id }) => id === 'wrong-thread')?.nearMisses, [{ threadId: near, connections: 1, why: '1 character away' }]);
  });
});
