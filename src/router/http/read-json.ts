import { isUtf8 } from 'node:buffer';
import { valueDepthExceeds } from '../../core/json/depth';
import { EVENT_LIMITS } from '../../core/index';
import { isRecord } from '../../core/is-record';
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
  if (!isRecord(value)) {
    throw badRequest('bad_json', 'The body is not a JSON object.', 'one JSON object', value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);
  }
  if (valueDepthExceeds(value, EVENT_LIMITS.maxDepth)) throw badRequest('too_deep', 'The body is nested too deeply.', `at most ${EVENT_LIMITS.maxDepth} levels`, 'more');
  return value;
}
