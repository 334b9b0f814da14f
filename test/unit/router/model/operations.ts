import * as fc from 'fast-check';
import { DIALECTS, type Dialect } from '../../../../src/core/index';

/** Threads that clients join: usual ones, one without prefix, a composite ID taken for a thread (the founding error), one that no pattern gives. */
export const THREADS = [
  'thread_13679e4dcc38403a',
  'thread_374579bdba3c41b8',
  'thread_user_123',
  'session_1756919162904_9adf1f09',
  'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
  'thread_with-hyphen',
  'säule',
] as const;

/** Runs of every kind: composite, legacy, thread only, bare, embedded, with white space around, beyond ASCII. */
export const RUNS = [
  'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
  'thread_374579bdba3c41b8_run_1756919162905_0a1b2c3d',
  'run_user_123_abc12345',
  'thread_13679e4dcc38403a',
  'run_9f5d282b-ac2c-4745-ab6c-1b8418427760',
  'admin_tool_thread_789_execution',
  'thread_with-hyphen_run_1756919162906_00000001',
  ' thread_374579bdba3c41b8_run_1756919162905_0a1b2c3d\u00a0',
  'läuft',
] as const;

/** Where the text of an event names its request: nowhere, or in that place among the fields. */
export type RequestPlace = 'none' | 'first' | 'middle' | 'last';

export interface EventPlan {
  readonly run: string;
  readonly request: RequestPlace;
  /** Characters of padding: frames have three lengths of header. */
  readonly padding: number;
}

/** One thing that happens to a router. Clients and agents are slots; what cannot be done (a client that is not there) does nothing. */
export type Operation =
  | { readonly op: 'connect'; readonly client: number; readonly thread: string | undefined; readonly user: string | undefined }
  | { readonly op: 'subscribe' | 'unsubscribe' | 'switch_thread' | 'user_message' | 'ping'; readonly client: number; readonly thread: string; readonly inPayload: boolean }
  | { readonly op: 'pipeline'; readonly client: number; readonly steps: ReadonlyArray<readonly ['subscribe' | 'unsubscribe' | 'switch_thread', string]> }
  | { readonly op: 'drop' | 'close' | 'disconnect'; readonly client: number }
  | { readonly op: 'send'; readonly agent: number; readonly events: readonly EventPlan[] }
  | { readonly op: 'post' | 'simulate'; readonly run: string }
  | { readonly op: 'garbage'; readonly agent: number; readonly text: string }
  | { readonly op: 'register'; readonly run: string; readonly thread: string; readonly over: 'http' | 'inspection' }
  | { readonly op: 'unregister'; readonly run: string }
  | { readonly op: 'redeliver'; readonly pick: number }
  | { readonly op: 'dialect'; readonly dialect: Dialect }
  | { readonly op: 'race'; readonly how: 'subscribe' | 'unsubscribe' | 'close'; readonly client: number; readonly run: string; readonly events: number }
  | { readonly op: 'look' }
  | { readonly op: 'age'; readonly hours: number }
  | { readonly op: 'restart'; readonly how: 'stop' | 'kill'; readonly dialect: Dialect };

/** A record whose counterexamples print as one would write them. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(model, { noNullPrototype: true });

const thread = fc.constantFrom(...THREADS);
const run = fc.constantFrom(...RUNS);
const client = fc.integer({ min: 0, max: 3 });
const agent = fc.integer({ min: 0, max: 1 });
const dialect = fc.constantFrom<Dialect>('fix', 'fix', 'before_fix', ...DIALECTS);
const padding = fc.oneof({ weight: 12, arbitrary: fc.nat(60) }, { weight: 3, arbitrary: fc.nat(3_000) }, { weight: 1, arbitrary: fc.integer({ min: 65_300, max: 70_000 }) });
const event: fc.Arbitrary<EventPlan> = plain({ run, request: fc.constantFrom<RequestPlace>('last', 'first', 'middle', 'none'), padding });

/**
 * Operations as often as their faults are likely.
 * @param ages whether time may leap; each leap is noticed within a second, so a short test goes without
 */
export function operations({ kills, ages, most }: { readonly kills: boolean; readonly ages: boolean; readonly most: number }): fc.Arbitrary<Operation[]> {
  const kinds: Array<{ weight: number; arbitrary: fc.Arbitrary<Operation> }> = [
    { weight: 8, arbitrary: plain({ op: fc.constant('connect' as const), client, thread: fc.option(thread, { nil: undefined }), user: fc.constantFrom(undefined, 'u1', 'u2') }) },
    {
      weight: 12,
      arbitrary: plain({ op: fc.constantFrom('subscribe' as const, 'subscribe' as const, 'unsubscribe' as const, 'switch_thread' as const, 'user_message' as const, 'ping' as const), client, thread, inPayload: fc.boolean() }),
    },
    { weight: 3, arbitrary: plain({ op: fc.constant('pipeline' as const), client, steps: fc.array(fc.tuple(fc.constantFrom('subscribe' as const, 'unsubscribe' as const, 'switch_thread' as const), thread), { minLength: 2, maxLength: 6 }) }) },
    { weight: 4, arbitrary: plain({ op: fc.constantFrom('drop' as const, 'close' as const, 'disconnect' as const), client }) },
    { weight: 16, arbitrary: plain({ op: fc.constant('send' as const), agent, events: fc.array(event, { minLength: 1, maxLength: 8 }) }) },
    { weight: 3, arbitrary: plain({ op: fc.constantFrom('post' as const, 'simulate' as const), run }) },
    { weight: 1, arbitrary: plain({ op: fc.constant('garbage' as const), agent, text: fc.constantFrom('', 'null', '{', '[]', '{"type":"x"}', '{"run_id":"r","run_id":""}', 'nonsense') }) },
    { weight: 5, arbitrary: plain({ op: fc.constant('register' as const), run, thread, over: fc.constantFrom('http' as const, 'inspection' as const) }) },
    { weight: 2, arbitrary: plain({ op: fc.constant('unregister' as const), run }) },
    { weight: 5, arbitrary: plain({ op: fc.constant('redeliver' as const), pick: fc.nat(12) }) },
    { weight: 2, arbitrary: plain({ op: fc.constant('dialect' as const), dialect }) },
    { weight: 4, arbitrary: plain({ op: fc.constant('race' as const), how: fc.constantFrom('subscribe' as const, 'unsubscribe' as const, 'close' as const), client, run, events: fc.integer({ min: 1, max: 12 }) }) },
    { weight: 3, arbitrary: plain({ op: fc.constant('look' as const) }) },
    { weight: ages ? 1 : 0, arbitrary: plain({ op: fc.constant('age' as const), hours: fc.constantFrom(0.2, 25) }) },
    { weight: 2, arbitrary: plain({ op: fc.constant('restart' as const), how: fc.constantFrom('stop' as const, kills ? ('kill' as const) : ('stop' as const)), dialect }) },
  ];
  return fc.array(fc.oneof(...kinds), { maxLength: most, size: 'max' });
}
