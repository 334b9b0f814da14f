import type { FormatTable } from '../../ids/formats/format-table';
import { isRecord } from '../../is-record';
import { rewriteJson } from '../../json/rewrite-json';
import { replaceIdsInBody } from '../remint/id-text';
import type { RecordedFrame } from '../recording';

const ID = '‹id›';
const TIME = '‹time›';
const ISO_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
/** Fields that hold a time; compared as they end. */
const TIME_FIELD = /(?:^|_)(?:time|timestamp|ts|at)$|(?:[a-z])(?:Time|Timestamp|At)$/;
/** Numbers below are counts. Seconds since 1970, from 2001 on. */
const FIRST_SECONDS = 1e9;

/** What a body says apart from IDs and times. */
export interface NormalBody {
  readonly shape: string;
  /** The IDs in it, in the order of its fields by name. */
  readonly ids: readonly string[];
}

/**
 * A frame's body with IDs and times blanked and the fields of objects in the order of their names, so that the same
 * message looks the same in every recording.
 * @param known IDs from the fields of the recording
 */
export function normaliseBody(frame: RecordedFrame, known: ReadonlySet<string>, table?: FormatTable): NormalBody {
  return frame.base64 === undefined ? normaliseText(frame.text ?? '', known, table) : { shape: `base64 ${frame.base64}`, ids: [] };
}

/** As `normaliseBody`, for the text of one. */
export function normaliseText(text: string, known: ReadonlySet<string>, table?: FormatTable): NormalBody {
  const ids: string[] = [];
  const blank = (id: string): string => {
    ids.push(id);
    return ID;
  };
  const shape = replaceIdsInBody(sorted(withoutTimes(text)), blank, { known, table });
  return { shape, ids };
}

/** Whether a number in a field of that name is a time. */
export function isTime(field: string, value: number): boolean {
  return TIME_FIELD.test(field) && value >= FIRST_SECONDS;
}

function withoutTimes(text: string): string {
  if (!isJson(text)) return text;
  return rewriteJson(text, ({ key, kind, text: value }) => {
    if (kind === 'string') return ISO_TIME.test(value) ? `"${TIME}"` : undefined;
    return kind === 'scalar' && key !== undefined && isTime(key, Number(value)) ? `"${TIME}"` : undefined;
  });
}

function sorted(text: string): string {
  if (!isJson(text)) return text;
  return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function isJson(text: string): boolean {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
