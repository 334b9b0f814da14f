import type { FormatTable } from '../../ids/formats/format-table';
import { isRecord } from '../../is-record';
import { parseExactly, withNumbers } from '../../json/exact-numbers';
import type { JsonPart } from '../../json/rewrite-json';
import { replaceIdsInJson, replaceIdsInText } from '../remint/id-text';
import type { RecordedFrame } from '../recording';

const ID = '‹id›';
const TIME = '"‹time›"';
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
  const json = sorted(text);
  const options = { known, table };
  return { shape: json === undefined ? replaceIdsInText(text, blank, options) : replaceIdsInJson(json, blank, options, blankTime), ids };
}

/** Whether a number in a field of that name is a time. */
export function isTime(field: string, value: number): boolean {
  return TIME_FIELD.test(field) && value >= FIRST_SECONDS;
}

function blankTime({ key, kind, text }: JsonPart): string | undefined {
  if (kind === 'string') return ISO_TIME.test(text) ? TIME : undefined;
  return kind === 'scalar' && key !== undefined && isTime(key, Number(text)) ? TIME : undefined;
}

/** The JSON with the fields of objects in the order of their names; undefined when it is none. */
function sorted(text: string): string | undefined {
  // Most of what is no JSON is told by its first character.
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return withNumbers(JSON.stringify(inOrder(parseExactly(text))));
  } catch {
    return undefined;
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, inOrder(value[name])]));
}
