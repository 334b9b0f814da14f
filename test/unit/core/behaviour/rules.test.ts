import assert from 'node:assert/strict';
import fc from 'fast-check';
import { behavioursOf } from '../../../../src/core';
import { associationTargets } from '../../../../src/core/behaviour/original/association';
import { ConnectionDirectory, EXPIRY_MS, MAX_FOUND } from '../../../../src/core/behaviour/original/connection-directory';
import { ExpiringMap } from '../../../../src/core/behaviour/original/expiring-map';
import { frontendType } from '../../../../src/core/behaviour/original/frontend-type';
import { sendWithAttempts, type SendResult } from '../../../../src/core/behaviour/original/send-attempts';
import { fallbackUser, pythonTimestamp, stampForThread } from '../../../../src/core/behaviour/original/wire-message';
import { ManagerSteps, type Op } from './manager-steps';

const EVENT = { type: 'agent_started', run_id: 'r', payload: {} };

function play(...ops: Op[]): { readonly last: ReturnType<ManagerSteps['run']>; readonly steps: ManagerSteps } {
  const steps = new ManagerSteps();
  return { last: ops.map((op) => steps.run(op)).at(-1)!, steps };
}

describe('types on the wire', () => {
  it('pass, are mapped, or become user_message', () => {
    const table: Record<string, string> = {
      agent_started: 'agent_started', agent_death: 'user_message', progress_update: 'user_message', custom: 'user_message', '': 'user_message',
      AGENT_STARTED: 'user_message', agent_log: 'agent_log', stream_chunk: 'stream_chunk', stream_complete: 'user_message', user_input: 'user_message',
      error: 'error', error_message: 'error', system: 'system_message', chat: 'chat', ping: 'ping', start_agent: 'start_agent',
      agent_response: 'agent_completed', agent_progress: 'agent_update', thread_update: 'thread_updated', typing_started: 'typing_started',
      constructor: 'user_message', thread_created: 'user_message', ack: 'user_message', jsonrpc_request: 'jsonrpc_request',
    };
    for (const [type, sent] of Object.entries(table)) assert.equal(frontendType(type), sent, type);
    for (const type of [null, 7, true, undefined]) assert.equal(frontendType(type), 'user_message');
  });

  it('change again when they are rewritten again', () => {
    assert.deepEqual(['agent_progress', 'thread_update'].map((type) => frontendType(frontendType(type))), ['user_message', 'user_message']);
  });

  it('settle after three rewritings at the latest, whatever comes', () => {
    fc.assert(fc.property(fc.string(), (type) => {
      const third = frontendType(frontendType(frontendType(type)));
      assert.equal(frontendType(third), third);
    }));
  });
});

describe('messages to a thread', () => {
  it('carry the time and the thread of the sending', () => {
    const now = Date.UTC(2025, 8, 3, 16, 52, 42, 904);
    assert.deepEqual(stampForThread({ type: 'agent_death', timestamp: 'earlier', payload: { a: 1 } }, 'thread_a', now), {
      type: 'user_message', timestamp: '2025-09-03T16:52:42.904000+00:00', payload: { a: 1 }, thread_id: 'thread_a',
    });
    assert.equal(pythonTimestamp(Date.UTC(2025, 8, 3)), '2025-09-03T00:00:00+00:00');
  });

  it('become a stub when the type cannot be looked up, and fail when there are no fields', () => {
    assert.equal(stampForThread({ type: ['x'] }, 't', 0)['message'], 'Message serialization failed');
    assert.throws(() => stampForThread([1], 't', 0), TypeError);
    assert.equal(stampForThread('text', 't', 0)['type'], 'text_message');
  });

  it('fall back to the user at the root or in data, never in payload', () => {
    assert.equal(fallbackUser({ user_id: 'a' }), 'a');
    assert.equal(fallbackUser({ user_id: 'a', data: { user_id: 'b' } }), 'b');
    assert.equal(fallbackUser({ user_id: 'a', data: { user_id: '' } }), 'a');
    assert.equal(fallbackUser({ payload: { user_id: 'c' } }), undefined);
    assert.equal(fallbackUser({ user_id: [] }), undefined);
    for (const bad of [{ data: null }, { data: 'x' }, { data: [] }, { user_id: 7 }, { user_id: {}, data: { user_id: [1] } }]) assert.throws(() => fallbackUser(bad), TypeError);
  });
});

describe('what the original finds', () => {
  it('is gone 180 s after it came, not a moment before, and reading does not help', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 30 }), (pauses) => {
      let now = 0;
      const map = new ExpiringMap<string, number>(() => now, EXPIRY_MS, 10);
      map.set('a', 1);
      for (const pause of pauses) {
        now += pause;
        assert.equal(map.get('a'), now < EXPIRY_MS ? 1 : undefined);
        assert.equal(map.has('a'), now < EXPIRY_MS);
      }
    }));
  });

  it('is bounded, and what was used the longest ago gives way', () => {
    const map = new ExpiringMap<string, number>(() => 0, Infinity, 2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    assert.deepEqual(map.entries().map(([key]) => key), ['a', 'c']);
  });

  it('is at most 500 connections', () => {
    const directory = new ConnectionDirectory<number>(() => 0, true);
    for (let i = 0; i <= MAX_FOUND; i++) directory.add(`c${i}`, 'u', i);
    assert.equal(directory.connections().length, MAX_FOUND);
    assert.equal(directory.has('c0'), false);
    assert.equal(directory.ofUser('u').length, MAX_FOUND);
  });

  it('loses a user before the later connections of that user', () => {
    let now = 0;
    const directory = new ConnectionDirectory<string>(() => now, true);
    directory.add('a', 'u', 'first');
    now = 170_000;
    directory.add('b', 'u', 'second');
    now = EXPIRY_MS;
    assert.deepEqual([directory.has('b'), directory.ofUser('u')], [true, []]);
    directory.add('c', 'u', 'third');
    assert.deepEqual(directory.ofUser('u'), ['third']);
  });
});

describe('association', () => {
  const at = () => {
    const directory = new ConnectionDirectory<{ id: string; userId: string | undefined }>(() => 0, false);
    const [a, b, c, d] = [['a', 'u'], ['b', 'u'], ['c', 'v'], ['d', undefined]].map(([id, userId]) => ({ id: id!, userId }));
    for (const connection of [a!, b!, c!, d!]) directory.add(connection.id, connection.userId, connection);
    return { directory, a: a!, d: d! };
  };
  const ids = (names: Parameters<typeof behavioursOf>[1], type: string, who: 'a' | 'd' = 'a'): string[] => {
    const made = at();
    return associationTargets(behavioursOf('strict', names), made.directory, made[who], type).map(({ id }) => id);
  };

  it('moves the connection alone, or all of its user', () => {
    assert.deepEqual(ids({}, 'user_message'), ['a']);
    assert.deepEqual(ids({ userWideAssociation: true }, 'user_message'), ['a', 'b']);
    assert.deepEqual(ids({ userWideAssociation: true }, 'user_message', 'd'), ['d']);
  });

  it('fails by connection ID, and works by user only with start_agent', () => {
    assert.deepEqual(ids({ shadowedAssociation: true }, 'user_message'), []);
    assert.deepEqual(ids({ shadowedAssociation: true }, 'start_agent'), ['a']);
    assert.deepEqual(ids({ shadowedAssociation: true, userWideAssociation: true }, 'start_agent'), ['a', 'b']);
  });

  it('ignores what the original does not know', () => {
    assert.deepEqual(['switch_thread', 'subscribe', 'chat'].map((type) => ids({ switchThreadIgnored: true }, type).length), [0, 0, 1]);
  });
});

describe('attempts to send', () => {
  const attempts = (results: SendResult[], connected: () => boolean = () => true) => {
    const pauses: number[] = [];
    const outcomes: string[] = [];
    const counts = { sendTimeouts: 0, timeoutRetries: 0, timeoutFailures: 0 };
    const timeouts: number[] = [];
    const recipient = {
      healthy: true,
      isConnected: connected,
      send: (_message: string, timeoutMs: number, done: (result: SendResult) => void) => {
        timeouts.push(timeoutMs);
        done(results.shift()!);
      },
    };
    sendWithAttempts(recipient, 'm', { pause: (ms, then) => { pauses.push(ms); then(); }, random: () => 0.5, counts }, (outcome) => outcomes.push(outcome));
    return { outcomes, healthy: recipient.healthy, pauses, counts, timeouts };
  };

  it('are two of two seconds, 0.5 s apart and a little more after a time-out', () => {
    const { outcomes, healthy, pauses, counts, timeouts } = attempts(['timeout', 'timeout']);
    assert.deepEqual({ outcomes, healthy, pauses, counts, timeouts }, {
      outcomes: ['timeout'], healthy: false, pauses: [550], counts: { sendTimeouts: 2, timeoutRetries: 1, timeoutFailures: 1 }, timeouts: [2_000, 2_000],
    });
  });

  it('leave a connection healthy whose send fails', () => {
    const { outcomes, healthy, pauses, timeouts } = attempts(['error', 'error']);
    assert.deepEqual({ outcomes, healthy, pauses, sends: timeouts.length }, { outcomes: ['error'], healthy: true, pauses: [500], sends: 2 });
  });

  it('end with the first success', () => {
    assert.deepEqual(attempts(['timeout', 'sent']).outcomes, ['sent']);
    assert.equal(attempts(['sent']).timeouts.length, 1);
  });

  it('are not made on a closed connection', () => {
    const closed = attempts([], () => false);
    assert.deepEqual([closed.outcomes, closed.healthy, closed.timeouts], [['disconnected'], false, []]);
    let open = true;
    const dropped = attempts(['error'], () => {
      const was = open;
      open = false;
      return was;
    });
    assert.deepEqual([dropped.outcomes, dropped.healthy], [['disconnected'], false]);
  });
});

describe('the whole manager', () => {
  it('closes every tab of a user, and only those', () => {
    const { last } = play(['connect', 'u'], ['connect', 'u'], ['connect', 'v'], ['disconnect', 'u', 0]);
    assert.deepEqual(last.closed, { 0: [1000, 'Normal closure'], 1: [1000, 'Normal closure'] });
    assert.deepEqual(Object.keys(last.connections), ['conn_v_00000003']);
  });

  it('closes nobody of a user who is no longer found', () => {
    assert.deepEqual(play(['connect', 'u'], ['advance', 180], ['disconnect', 'u', 0]).last.closed, {});
  });

  it('calls success what was not sent when TESTING says so', () => {
    assert.equal(play(['connect', 'u'], ['testing', '1'], ['send_to_thread', 't', EVENT]).last.result, true);
    assert.equal(play(['connect', 'u'], ['testing', '1'], ['testing', '0'], ['send_to_thread', 't', EVENT]).last.result, false);
  });

  it('drops an unhealthy or failing connection when it sends to the user', () => {
    assert.deepEqual(play(['connect', 'u'], ['unhealthy', 0], ['send_to_user', 'u', EVENT]).last.closed, { 0: [1001, 'Health check failed'] });
    assert.deepEqual(play(['connect', 'u', 'raise'], ['send_to_user', 'u', EVENT]).last.closed, { 0: [1011, 'Send error'] });
  });

  it('loses a connection that drops while it is sent to', () => {
    const { last } = play(['connect', 'u', 'drop_on_send', 't'], ['send_to_thread', 't', EVENT]);
    assert.deepEqual([last.result, last.connections], [false, { conn_u_00000001: { user_id: 'u', thread_id: 't', is_healthy: false, message_count: 0 } }]);
  });

  it('takes who was silent for 120 s, is closed or unhealthy for stale', () => {
    assert.equal(play(['connect', 'u'], ['idle', 0, 120], ['cleanup_stale']).last.result, 1);
    assert.equal(play(['connect', 'u'], ['idle', 0, 119], ['cleanup_stale']).last.result, 0);
    const { last, steps } = play(['connect', 'u'], ['connect', 'v', 'disconnected'], ['connect', 'w'], ['unhealthy', 0], ['cleanup_stale']);
    assert.deepEqual([last.result, Object.keys(last.connections), steps.stats()], [
      2, ['conn_w_00000003'], { total_connections: 3, active_connections: 1, stale_connections_removed: 2 },
    ]);
  });

  it('finds a socket by its connection until it expires', () => {
    assert.equal(play(['connect', 'u'], ['advance', 179.9], ['find', 0]).last.result, 'conn_u_00000001');
    assert.equal(play(['connect', 'u'], ['advance', 180], ['find', 0]).last.result, null);
  });

  /** The rules, told once more from the outside: a model of who holds which thread, for any order of steps. */
  it('gives an event to exactly the found, healthy connections of that very thread', () => {
    const user = fc.constantFrom('u', 'v');
    const thread = fc.constantFrom('t1', 't2');
    const op = fc.oneof(
      fc.tuple(fc.constant('connect'), user),
      fc.tuple(fc.constant('associate_user'), user, thread),
      fc.tuple(fc.constant('associate_connection'), fc.nat(5), thread),
      fc.tuple(fc.constant('advance'), fc.integer({ min: 1, max: 100 })),
      fc.tuple(fc.constant('send_to_thread'), fc.option(thread), fc.constant(EVENT)),
      fc.tuple(fc.constant('disconnect'), user, fc.constant(0)),
    );
    fc.assert(fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
      const steps = new ManagerSteps();
      let seconds = 0;
      let made = 0;
      let held: { index: number; user: string; at: number; thread: string | null }[] = [];
      const since = new Map<string, number>();
      const found = (name: string): boolean => since.has(name) && seconds - since.get(name)! < 180;
      for (const step of ops as unknown as Op[]) {
        const { result, delivered } = steps.run(step);
        const [name, first, second] = step as [string, string, string];
        held = held.filter(({ at }) => seconds - at < 180);
        if (name === 'connect') {
          if (!found(first)) since.set(first, seconds);
          held.push({ index: made++, user: first, at: seconds, thread: null });
        } else if (name === 'advance') {
          seconds += Number(first);
        } else if (name === 'associate_user' && found(first)) {
          for (const connection of held) if (connection.user === first && connection.at >= since.get(first)!) connection.thread = second;
        } else if (name === 'associate_connection') {
          assert.equal(result, false);
        } else if (name === 'disconnect' && found(first)) {
          held = held.filter((connection) => connection.user !== first || connection.at < since.get(first)!);
          since.delete(first);
        } else if (name === 'send_to_thread') {
          const expected = held.filter((connection) => connection.thread === first).map(({ index }) => String(index));
          assert.deepEqual(Object.keys(delivered), expected);
          assert.equal(result, expected.length > 0);
        }
      }
    }));
  });
});
