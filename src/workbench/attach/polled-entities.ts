import { isRecord } from '../../core/is-record';
import { camelCase } from './camel-case';
import { type DebugApi, DebugApiError } from './debug-api';

const PAGE = 1_000;
/** Pages of one kind in one round: 20,000 entities, as many as the router itself keeps. */
const MAX_PAGES = 20;

/** Connections, threads or runs of a backend, and what is new of them since the last look. */
export class PolledEntities {
  private known = new Map<string, string>();

  /** @param name as in the path and in the answer: `connections`, `threads`, `runs` */
  constructor(
    private readonly api: DebugApi,
    private readonly name: 'connections' | 'threads' | 'runs',
  ) {}

  get size(): number {
    return this.known.size;
  }

  /** Everything is new at the next look. */
  forget(): void {
    this.known.clear();
  }

  /** What came or changed, and the IDs of what is gone. A backend without this endpoint has none. @throws {DebugApiError} */
  async look(): Promise<{ readonly changed: readonly Record<string, unknown>[]; readonly gone: readonly string[] }> {
    const changed: Record<string, unknown>[] = [];
    const known = new Map<string, string>();
    for (const entity of await this.all()) {
      const id = String(entity['id']);
      const text = JSON.stringify(entity);
      if (this.known.get(id) !== text) changed.push(entity);
      known.set(id, text);
    }
    const gone = [...this.known.keys()].filter((id) => !known.has(id));
    this.known = known;
    return { changed, gone };
  }

  private async all(): Promise<Record<string, unknown>[]> {
    const entities: Record<string, unknown>[] = [];
    let after: number | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      let answer: Record<string, unknown>;
      try {
        answer = await this.api.get(`/debug/${this.name}`, { after, limit: PAGE });
      } catch (error) {
        if (error instanceof DebugApiError && error.reason === 'absent') return entities;
        throw error;
      }
      entities.push(...entitiesOf(answer, this.name));
      const { next } = answer;
      if (typeof next !== 'number' || next === after) break;
      after = next;
    }
    return entities;
  }
}

type Kind = 'string' | 'number' | 'list';

/** What media/openapi.yaml requires of the entities of each list, under the names of the inspection protocol: the views count on it. */
const REQUIRED = {
  connections: { id: 'string', threads: 'list', connectedAt: 'number', lastActivityAt: 'number', remoteAddress: 'string', messagesSent: 'number', messagesReceived: 'number', bytesSent: 'number', bytesReceived: 'number', bufferedBytes: 'number', dropped: 'number' },
  threads: { id: 'string', state: 'string', connections: 'number', waiting: 'number', delivered: 'number', failed: 'number' },
  runs: { id: 'string', state: 'string', events: 'number', lastType: 'string', firstAt: 'number', lastAt: 'number' },
  deliveries: { seq: 'number', at: 'number', type: 'string', outcome: 'string', connections: 'number', bytes: 'number' },
  messages: { seq: 'number', at: 'number', direction: 'string', peer: 'string', bytes: 'number' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>;

/** The entities of an answer under the names of the inspection protocol. @throws {DebugApiError} for what is no list of them. */
export function entitiesOf(answer: Record<string, unknown>, name: keyof typeof REQUIRED): Record<string, unknown>[] {
  const list = answer[name];
  if (!Array.isArray(list)) throw new DebugApiError('bad_answer', `GET /debug/${name}: expected a list in "${name}", received ${list === undefined ? 'none' : typeof list}`);
  return list.map((entity: unknown) => {
    const camel = camelCase(entity);
    for (const [field, kind] of Object.entries(REQUIRED[name])) {
      if (isRecord(camel) && kindOf(camel[field]) === kind) continue;
      const original = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      throw new DebugApiError('bad_answer', `GET /debug/${name}: expected entities with a ${kind} in "${original}", received ${JSON.stringify(entity)?.slice(0, 80)}`);
    }
    return camel as Record<string, unknown>;
  });
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
