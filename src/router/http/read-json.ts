import { isUtf8 } from 'node:buffer';
import { EVENT_LIMITS } from '../../core/index';
import { badRequest } from './http-error';

/** A JSON object in the body of a request. @throws {HttpError} 400 */
export function readJsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  if (!isUtf8(body)) throw badRequest('bad_encoding', 'The body is not UTF-8.', 'UTF-8', 'other bytes');
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw badRequest('bad_json', 'The body is not readable JSON.', 'one JSON object', body.length === 0 ? 'an empty body' : `${body.length} bytes`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('bad_json', 'The body is not a JSON object.', 'one JSON object', value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);
  }
  if (deeper(value, EVENT_LIMITS.maxDepth)) throw badRequest('too_deep', 'The body is nested too deeply.', `at most ${EVENT_LIMITS.maxDepth} levels`, 'more');
  return value as Record<string, unknown>;
}

function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((child) => deeper(child, levels - 1));
}
