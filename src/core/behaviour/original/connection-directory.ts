import { type Clock } from '../../clock';
import { ExpiringMap } from './expiring-map';

/** After so many milliseconds the original no longer finds a connection, or a user (FIELD_GUIDE 4.1, F16). */
export const EXPIRY_MS = 180_000;
/** So many connections, and so many users, the original keeps in mind (FIELD_GUIDE 4.1). */
export const MAX_FOUND = 500;

/**
 * Who can be found: connections by their ID, and through a second index by their user. A connection that has left the
 * directory cannot be found, whatever its socket does.
 */
export class ConnectionDirectory<C> {
  readonly #connections: ExpiringMap<string, C>;
  /** A user's set begins with the first connection; later ones join it and do not renew it (FIELD_GUIDE 4.6). */
  readonly #users: ExpiringMap<string, Set<string>>;

  /** @param expiry whether connections and users expire, and are bounded, as in the original. */
  constructor(clock: Clock, expiry: boolean) {
    const [ttl, most] = expiry ? [EXPIRY_MS, MAX_FOUND] : [Infinity, Infinity];
    this.#connections = new ExpiringMap(clock, ttl, most);
    this.#users = new ExpiringMap(clock, ttl, most);
  }

  /** @param at when it connected, in milliseconds of the clock; now by default. */
  add(id: string, userId: string | undefined, connection: C, at?: number): void {
    this.#connections.set(id, connection, at);
    if (userId === undefined) return;
    const known = this.#users.get(userId);
    if (known) known.add(id);
    else this.#users.set(userId, new Set([id]), at);
  }

  has(id: string): boolean {
    return this.#connections.has(id);
  }

  get(id: string): C | undefined {
    return this.#connections.get(id);
  }

  /** The connections that are found through the user's index, in the order in which they came. */
  ofUser(userId: string): C[] {
    const ids = this.#users.get(userId);
    return Array.from(ids ?? [], (id) => this.#connections.get(id)).filter((connection) => connection !== undefined);
  }

  remove(id: string, userId: string | undefined): void {
    this.#connections.delete(id);
    if (userId === undefined) return;
    const ids = this.#users.get(userId);
    ids?.delete(id);
    if (ids?.size === 0) this.#users.delete(userId);
  }

  connections(): (readonly [id: string, connection: C])[] {
    return this.#connections.entries();
  }

  users(): (readonly [userId: string, connectionIds: ReadonlySet<string>])[] {
    return this.#users.entries();
  }

  /** Forgets what has expired; `has` and `get` do without it. */
  expire(): void {
    this.#connections.expire();
    this.#users.expire();
  }
}
