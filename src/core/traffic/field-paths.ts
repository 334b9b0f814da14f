import { describeValue } from '../errors';
import { isRecord } from '../is-record';

/** What a message can say of its way. */
export const TRAFFIC_FIELDS = ['type', 'thread', 'run', 'user', 'connection'] as const;

export type TrafficField = (typeof TRAFFIC_FIELDS)[number];

/** Where in a message each field stands: paths of names, the first that holds a text counts. */
export type FieldPaths = Readonly<Record<TrafficField, readonly (readonly string[])[]>>;

const MOST_PATHS = 20;
const MOST_NAMES = 8;
const LONGEST_PATH = 200;

/** The places of DOMAIN 4 and FIELD_GUIDE 5.2-5.3: at the top, in `payload`, in `data`, in snake and in camel case. */
function usualPlaces(name: string): string[][] {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [name, camel].flatMap((field) => [[field], ['payload', field], ['data', field]]);
}

export const DEFAULT_FIELD_PATHS: FieldPaths = {
  type: [['type'], ['event']],
  thread: usualPlaces('thread_id'),
  run: usualPlaces('run_id'),
  user: usualPlaces('user_id'),
  connection: usualPlaces('connection_id'),
};

/** A setting that does not say where fields stand. */
export class FieldPathError extends Error {
  override readonly name = 'FieldPathError';

  constructor(
    readonly reason: 'not-an-object' | 'unknown-field' | 'bad-paths',
    /** What would have been accepted. */
    readonly expected: string,
    /** What came, in words. */
    readonly received: string,
  ) {
    super(`expected ${expected}, received ${received}`);
  }
}

/**
 * Reads paths as people write them, e.g. `{"thread": ["conversation.id", "thread_id"]}`; a field that is not named keeps
 * its usual places. A path is names with dots between them.
 * @throws {FieldPathError}
 */
export function readFieldPaths(value: unknown): FieldPaths {
  if (value === undefined || value === null) return DEFAULT_FIELD_PATHS;
  if (!isRecord(value)) throw new FieldPathError('not-an-object', `an object with lists of paths under ${TRAFFIC_FIELDS.join(', ')}`, describeValue(value));
  const paths: Record<TrafficField, readonly (readonly string[])[]> = { ...DEFAULT_FIELD_PATHS };
  for (const [field, list] of Object.entries(value)) {
    const known = TRAFFIC_FIELDS.find((name) => name === field);
    if (known === undefined) throw new FieldPathError('unknown-field', `one of ${TRAFFIC_FIELDS.join(', ')}`, describeValue(field));
    paths[known] = readPaths(known, list);
  }
  return paths;
}

function readPaths(field: TrafficField, list: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_PATHS) {
    throw new FieldPathError('bad-paths', `1 to ${MOST_PATHS} paths for "${field}"`, Array.isArray(list) ? `${list.length}` : describeValue(list));
  }
  return list.map((path: unknown) => {
    const names = typeof path === 'string' && path.length <= LONGEST_PATH ? path.split('.') : [];
    if (names.length === 0 || names.length > MOST_NAMES || names.includes('')) {
      throw new FieldPathError('bad-paths', `paths such as "payload.thread_id", of at most ${MOST_NAMES} names, for "${field}"`, describeValue(path));
    }
    return names;
  });
}
