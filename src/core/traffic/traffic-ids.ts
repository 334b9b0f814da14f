import { isRecord } from '../is-record';
import { isBlank } from '../ids/python-text';
import { own } from '../own';
import type { FieldPaths } from './field-paths';

/** What one message says of its way; each only when it is there as a text that is not blank. */
export interface TrafficIds {
  readonly type?: string;
  readonly threadId?: string;
  readonly runId?: string;
  readonly userId?: string;
  readonly connectionId?: string;
}

/** An ID is shown and compared, so longer ones are none. In UTF-16 units. */
const LONGEST_ID = 1_024;

/** Reads a parsed message by the paths. Only own fields count: what is inherited was not sent. */
export function readTrafficIds(message: unknown, paths: FieldPaths): TrafficIds {
  if (!isRecord(message)) return {};
  const type = firstText(message, paths.type);
  const threadId = firstText(message, paths.thread);
  const runId = firstText(message, paths.run);
  const userId = firstText(message, paths.user);
  const connectionId = firstText(message, paths.connection);
  return {
    ...(type === undefined ? {} : { type }),
    ...(threadId === undefined ? {} : { threadId }),
    ...(runId === undefined ? {} : { runId }),
    ...(userId === undefined ? {} : { userId }),
    ...(connectionId === undefined ? {} : { connectionId }),
  };
}

function firstText(message: Readonly<Record<string, unknown>>, paths: readonly (readonly string[])[]): string | undefined {
  for (const path of paths) {
    let value: unknown = message;
    for (const name of path) value = own(value, name);
    if (typeof value === 'string' && value.length <= LONGEST_ID && !isBlank(value)) return value;
  }
  return undefined;
}
