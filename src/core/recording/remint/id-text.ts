import type { FormatTable } from '../../ids/formats/format-table';
import { scanText } from '../../ids/scan/scan-text';
import { type JsonPart, rewriteJson } from '../../json/rewrite-json';

/** Fields whose whole value is an ID, whatever it looks like; compared without case and underscores. */
const ID_FIELDS: ReadonlySet<string> = new Set(
  'threadid threadids threads runid runids connectionid connectionids userid sessionid conversationid chatid'.split(' '),
);
const ID_PARAMETERS = /([?&](?:thread_id|run_id|user_id|connection_id)=)([^&#\s]+)/g;
const LONGEST_ID = 1_024;
/** A known ID that is shorter, or a mere word, is replaced as a whole value only: in prose it may be just a word. */
const SHORTEST_IN_PROSE = 6;

/** Replaces an ID by another text. */
export type ReplaceId = (id: string) => string;

export interface IdTextOptions {
  /** IDs known from the fields of a recording, which nothing else may tell from words. */
  readonly known: ReadonlySet<string>;
  readonly table?: FormatTable | undefined;
}

/** A body with every ID in it replaced: in JSON values by field and by look, elsewhere by look. The rest stays byte for byte. */
export function replaceIdsInBody(body: string, replace: ReplaceId, options: IdTextOptions): string {
  try {
    JSON.parse(body);
  } catch {
    return replaceIdsInText(body, replace, options);
  }
  return replaceIdsInJson(body, replace, options);
}

/**
 * As `replaceIdsInBody`, for text that is known to be JSON.
 * @param first answers what is to stand for a value before IDs are looked for in it, as JSON, or undefined
 */
export function replaceIdsInJson(json: string, replace: ReplaceId, options: IdTextOptions, first: (part: JsonPart) => string | undefined = () => undefined): string {
  return rewriteJson(json, (part) => {
    const { key, kind, text } = part;
    const other = first(part);
    if (other !== undefined) return other;
    const isId = key !== undefined && ID_FIELDS.has(key.replaceAll('_', '').toLowerCase());
    if (kind === 'scalar') return isId && /^\d+$/.test(text) ? numberOr(replace(text)) : undefined;
    if (kind === 'container' || text === '') return undefined;
    const whole = (isId && text.length <= LONGEST_ID && !/\s/.test(text)) || options.known.has(text);
    const made = whole ? replace(text) : replaceIdsInText(text, replace, options);
    return made === text ? undefined : JSON.stringify(made);
  });
}

/** Text with every ID in it replaced that looks like one, or is known and no mere word. */
export function replaceIdsInText(text: string, replace: ReplaceId, { known, table }: IdTextOptions): string {
  const between = (piece: string): string =>
    known.size === 0 ? piece : piece.replace(/[\w-]+/g, (word) => (isTelling(word) && known.has(word) ? replace(word) : word));
  let result = '';
  let done = 0;
  for (const found of scanText(text, { table })) {
    result += between(text.slice(done, found.offset)) + replace(found.text);
    done = found.offset + found.length;
  }
  return result + between(text.slice(done));
}

/** A URL with the IDs in its query and path replaced. */
export function replaceIdsInUrl(url: string, replace: ReplaceId, options: IdTextOptions): string {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark);
  return replaceIdsInText(path, replace, options) + query.replace(ID_PARAMETERS, (_whole, name: string, value: string) => name + encodeURIComponent(replace(decoded(value))));
}

function isTelling(word: string): boolean {
  return word.length >= SHORTEST_IN_PROSE && /[\d_-]/.test(word);
}

function numberOr(text: string): string {
  return /^(?:0|[1-9]\d*)$/.test(text) ? text : JSON.stringify(text);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
