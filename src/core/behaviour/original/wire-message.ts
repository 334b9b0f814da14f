import { isRecord } from '../../is-record';
import { own } from '../../own';
import { frontendType } from './frontend-type';

export type WireMessage = Record<string, unknown>;

/** Rewrites the type in place; a message without one keeps none. @throws {TypeError} for a type that Python cannot look up. */
export function rewriteType(message: WireMessage): WireMessage {
  if (!Object.hasOwn(message, 'type')) return message;
  const { type } = message;
  if (typeof type === 'object' && type !== null) throw new TypeError(`expected a type that is text, received ${Array.isArray(type) ? 'an array' : 'an object'}`);
  message['type'] = frontendType(type);
  return message;
}

/**
 * The message as it goes to the connections of a thread (FIELD_GUIDE 4.4 step 3, 5.1): type rewritten, timestamp
 * overwritten, `thread_id` set. A record is changed in place, as the original does.
 * @param now milliseconds since 1970.
 * @throws {TypeError} for a message that has no fields to set, such as a number or a list.
 */
export function stampForThread(message: unknown, threadId: string | null, now: number): WireMessage {
  const stamped = serialised(message, threadId);
  stamped['timestamp'] = pythonTimestamp(now);
  stamped['thread_id'] = threadId;
  return stamped;
}

function serialised(message: unknown, threadId: string | null): WireMessage {
  if (isRecord(message)) {
    try {
      return rewriteType(message);
    } catch {
      return { type: 'error', message: 'Message serialization failed', thread_id: threadId };
    }
  }
  if (typeof message === 'string') return { payload: message, type: 'text_message' };
  if (message === null || message === undefined) return {};
  throw new TypeError('expected a message with fields, received one without');
}

/**
 * The user to whom an event goes that found no connection (FIELD_GUIDE 4.4 step 2): `data.user_id`, then `user_id`;
 * undefined when it names none. `payload.user_id` is not looked at.
 * @throws {TypeError} when `data` is no object, or the user is no text: there the original fails.
 */
export function fallbackUser(message: unknown): string | undefined {
  if (!isRecord(message)) return undefined;
  const data = Object.hasOwn(message, 'data') ? message['data'] : {};
  if (!isRecord(data)) throw new TypeError('"data" is no object');
  const inner = own(data, 'user_id');
  const user = isTruthy(inner) ? inner : own(message, 'user_id');
  if (!isTruthy(user)) return undefined;
  if (typeof user !== 'string') throw new TypeError('"user_id" is no text');
  return user;
}

/** As Python writes a UTC time: six digits of a second, or none when they are zero. */
export function pythonTimestamp(now: number): string {
  const iso = new Date(now).toISOString();
  const [seconds = iso, milliseconds = '000Z'] = iso.split('.');
  return milliseconds === '000Z' ? `${seconds}+00:00` : `${seconds}.${milliseconds.slice(0, 3)}000+00:00`;
}

/** What Python counts as true. */
function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
