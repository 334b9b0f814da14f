import { describeValue, UnknownOptionError } from '../errors';
import { isRecord } from '../is-record';

/** One way in which the original system behaves otherwise than a strict router; each can be switched alone. */
export interface BehaviourInfo {
  /** One sentence: what happens while it is on. */
  readonly summary: string;
  /** Where the original's behaviour is described: sections and faults of FIELD_GUIDE. */
  readonly source: string;
}

/** Every behaviour of the original, by name, in the order of an event's way: connect, associate, find, send, end. */
export const BEHAVIOURS = {
  unassociatedAtConnect: {
    summary: 'A thread in the URL is ignored: connections start without one.',
    source: '4.2, F2',
  },
  singleThread: {
    summary: 'A connection holds one thread: joining another leaves the first.',
    source: '4.3, F12',
  },
  userWideAssociation: {
    summary: 'When one connection names a thread, all of its user\'s move to it.',
    source: '4.3, F12',
  },
  /** The connection ID is taken for that of a user; start_agent goes by the user. */
  shadowedAssociation: {
    summary: 'Associating by connection fails unnoticed; only start_agent works.',
    source: '4.3, F4',
  },
  switchThreadIgnored: {
    summary: 'switch_thread, subscribe and unsubscribe are only acknowledged.',
    source: '5.3, F13',
  },
  /** The index of a user goes 180 s after the first connection of that user; at most 500 connections are found. */
  connectionExpiry: {
    summary: 'After 180 s connections are no longer found; their sockets stay open.',
    source: '4.1, 4.6, F16',
  },
  noneMatchesNone: {
    summary: 'An event without a run goes to all connections without a thread.',
    source: '4.4, F15',
  },
  /** Also `data.user_id`, never `payload.user_id`; whatever thread the connections of that user show. */
  userFallback: {
    summary: 'Without a listener, an event goes to the user named in user_id.',
    source: '4.4, 4.5, F18',
  },
  /** It becomes no dead letter, either. */
  noQueue: {
    summary: 'An event without a listener is lost: it does not wait.',
    source: '4.4, 4.6, F5',
  },
  successWithoutSending: {
    summary: 'An event without a listener is reported as delivered.',
    source: '4.4, 4.7, F24, F25',
  },
  /** FIELD_GUIDE 5.4 has the table; the timestamp is that of the sending. */
  typeRewriting: {
    summary: 'Unknown types become user_message; timestamp and thread_id are set.',
    source: '5.1, 5.4, F21',
  },
  /** A back-off of half a second and a little more stands between the attempts. */
  sendRetries: {
    summary: 'Two attempts of 2 s each; a closed or slow client gets nothing more.',
    source: '4.4',
  },
  closeAllTabs: {
    summary: 'When one connection of a user ends, all of them are closed.',
    source: '4.6, F17',
  },
  staleReverseEntry: {
    summary: 'A run registered again also stays listed under its first thread.',
    source: '3',
  },
} as const satisfies Readonly<Record<string, BehaviourInfo>>;

export type Behaviour = keyof typeof BEHAVIOURS;

/** The names, in the order of the table. */
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly Behaviour[];

/** The behaviours that are on. */
export type BehaviourSet = ReadonlySet<Behaviour>;

export type Profile = 'strict' | 'original';

/** `strict`: ours, nothing of the original; `original`: as FIELD_GUIDE 3 to 5 document. */
export const PROFILES: Readonly<Record<Profile, BehaviourSet>> = {
  strict: new Set(),
  original: new Set(BEHAVIOUR_NAMES),
};

export const PROFILE_NAMES = Object.keys(PROFILES) as readonly Profile[];

/** Which behaviours of a profile to turn on (true) or off (false). */
export type BehaviourOverrides = Readonly<Partial<Record<Behaviour, boolean>>>;

export function isBehaviour(value: unknown): value is Behaviour {
  return typeof value === 'string' && Object.hasOwn(BEHAVIOURS, value);
}

export function isProfile(value: unknown): value is Profile {
  return typeof value === 'string' && Object.hasOwn(PROFILES, value);
}

/**
 * The behaviours of a profile with some of them switched. Takes what comes from settings, command lines and messages.
 * @throws {UnknownOptionError} for a profile or a behaviour that does not exist, or a switch that is neither true nor false.
 */
export function behavioursOf(profile: unknown = 'strict', overrides: unknown = {}): BehaviourSet {
  if (!isProfile(profile)) throw new UnknownOptionError('profile', `one of ${PROFILE_NAMES.join(', ')}`, describeValue(profile));
  if (!isRecord(overrides)) throw new UnknownOptionError('behaviours', 'an object of names with true or false', describeValue(overrides));
  const on = new Set(PROFILES[profile]);
  for (const [name, value] of Object.entries(overrides)) {
    if (!isBehaviour(name)) throw new UnknownOptionError('behaviour', `one of ${BEHAVIOUR_NAMES.join(', ')}`, describeValue(name));
    if (typeof value !== 'boolean') throw new UnknownOptionError(`switch of ${name}`, 'true or false', describeValue(value));
    if (value) on.add(name);
    else on.delete(name);
  }
  return inOrder(on);
}

/** The profile that has exactly these behaviours; undefined for a mixture. */
export function profileOf(behaviours: BehaviourSet): Profile | undefined {
  return PROFILE_NAMES.find((profile) => PROFILES[profile].size === behaviours.size && [...behaviours].every((name) => PROFILES[profile].has(name)));
}

function inOrder(on: BehaviourSet): BehaviourSet {
  return new Set(BEHAVIOUR_NAMES.filter((name) => on.has(name)));
}
