import { keyBefore } from './key-before';
import { isHeaderList, isPairName, isPairValue, isProtocolHeader, namesSecret } from './name-value-pairs';
import { mayNameSecret } from './secret-keys';

/** A value whose name stands elsewhere. */
export interface PairedValue {
  readonly name: string;
  /** Place of the character before it. */
  readonly at: number;
}

/** A bracket or a quote that is open. */
interface Frame {
  readonly closer: string;
  readonly depth: number;
  /** Backslashes before a quote (JSON within JSON). */
  readonly escapes: number;
  readonly isBracket: boolean;
  /** Name of the list of headers or subprotocols that it is, or is in. */
  readonly list: string;
  /** Name that a member gives, and where. */
  name?: string | undefined;
  nameAt: number;
  /** Separators before what it may be the name of. */
  readonly values: number[];
  /** The latest element, if it is the name of a secret. */
  element: string | undefined;
  commas: number;
  /** The name and the comma of what may be a list of two. */
  first?: string | undefined;
  comma: number;
}

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
const MOST_ESCAPES = 8;
/** How far apart a name and its value stand where no bracket holds them together. */
const NEAR = 160;
/** Brackets that were left open are looked past, so many that the time stays linear. */
const MOST_LEFT_OPEN = 4;

/** A word or two where values stand and that no separator makes a name. */
const VALUE = /[:=,([]\s*(?:[bru]{1,2}(?=\\{0,8}["'`]))?\\{0,8}["'`]?([\w.-]{2,64})(?![\w.-])( [\w.-]{1,32})?(?!\\{0,8}["'`]?[ \t]{0,8}[:=])/gi;
const QUOTED = /\s*(?:[bru]{1,2})?\\{0,8}["'`]([\w. -]{1,64})\\{0,8}["'`]/iy;
const BARE = /[ \t]{0,8}([\w.-]{1,64})/y;
/** Elements that are texts or numbers are hidden; what else there is has names of its own. */
const SCALAR = /\s*(?=(?:[bru]{1,2})?\\{0,8}["'`]|-?\d)/iy;
const TOKEN = /["'`{}()[\]:=,\n]/g;

/**
 * Values whose names stand elsewhere: `{"name": "x-api-key", "value": "…"}` in any order, lists and tuples of two, lists
 * of headers and values by turns; in JSON, JSON within JSON, Python and prose. Linear in the length.
 * @returns by the place of the separator before the value
 */
export function findPairs(text: string): ReadonlyMap<number, PairedValue> {
  const found = new Map<number, PairedValue>();
  if (!mayHavePairs(text)) return found;
  const frames: Frame[] = [];
  const quotes: Frame[] = [];
  /** Where a list of headers or subprotocols may begin, and its name. */
  let listAt = -1;
  let listName = '';
  const open = (closer: string, escapes: number, isBracket: boolean, list = '', element?: string): Frame => {
    const frame: Frame = { closer, depth: frames.length, escapes, isBracket, list, nameAt: 0, values: [], element, commas: 0, comma: 0 };
    frames.push(frame);
    return frame;
  };
  const closeFrom = (depth: number): void => {
    while (frames.length > depth) {
      const frame = frames.pop();
      if (!frame) return;
      if (frame === quotes.at(-1)) quotes.pop();
      const { name, first, comma } = frame;
      if (name !== undefined) for (const at of frame.values) found.set(at, { name, at });
      if (frame.commas === 1 && first !== undefined && frame.closer !== '}' && !isProtocolHeader(frame.list)) addElement(comma, first);
    }
  };
  const addElement = (comma: number, name: string): void => {
    SCALAR.lastIndex = comma + 1;
    if (SCALAR.test(text)) found.set(comma, { name, at: SCALAR.lastIndex - 1 });
  };
  const seeQuote = (at: number, quote: string): void => {
    if (quote === "'" && /\w\w'\w/.test(text.slice(at - 2, at + 2))) return;
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    const inside = quotes.at(-1);
    const closed = quotes.findLast((one) => one.closer === quote && escapes >= one.escapes && (escapes - one.escapes) % (2 * (one.escapes + 1)) === 0);
    if (closed) closeFrom(closed.depth);
    else if (inside?.closer === quote && escapes < inside.escapes) closeFrom(quotes[0]?.depth ?? 1);
    else if (escapes <= MOST_ESCAPES && (!inside || escapes > inside.escapes)) quotes.push(open(quote, escapes, false));
  };
  const seeCloser = (closer: string): void => {
    for (let n = 1; n <= MOST_LEFT_OPEN; n++) {
      const frame = frames.at(-n);
      if (frame?.isBracket !== true) return;
      if (frame.closer === closer) {
        closeFrom(frame.depth);
        return;
      }
    }
  };
  const seeComma = (at: number, frame: Frame): void => {
    const name = frame.element;
    if (frame.commas++ === 0) [frame.first, frame.comma] = [name, at];
    if (isHeaderList(frame.list) && name !== undefined && frame.commas % 2 === 1) addElement(at, name);
    frame.element = frame.isBracket && frame.closer !== '}' ? secretNameAt(text, at + 1) : undefined;
  };
  const seeSeparator = (at: number, frame: Frame): void => {
    const key = keyBefore(text, at);
    if (isHeaderList(key) || isProtocolHeader(key)) [listAt, listName] = [text[at + 1] === ' ' ? at + 2 : at + 1, key];
    else if (isPairName(key)) {
      const name = secretNameAt(text, at + 1, BARE);
      frame.name = frame.isBracket ? (frame.name ?? name) : name;
      frame.nameAt = at;
    } else if (isPairValue(key)) {
      if (frame.isBracket) frame.values.push(at);
      else if (frame.name !== undefined && at - frame.nameAt < NEAR) found.set(at, { name: frame.name, at });
    }
  };
  const whole = open('', 0, false);
  for (const { 0: token, index: at } of text.matchAll(TOKEN)) {
    const frame = frames.at(-1) ?? whole;
    if (token === '\n') closeFrom(quotes[0]?.depth ?? frames.length);
    else if (token === ':' || token === '=') seeSeparator(at, frame);
    else if (token === ',') seeComma(at, frame);
    else if (token === '"' || token === "'" || token === '`') seeQuote(at, token);
    else {
      const closer = CLOSERS[token];
      if (closer === undefined) seeCloser(token);
      else open(closer, 0, true, token === '[' ? (listAt === at ? listName : frame.list) : '', token === '{' ? undefined : secretNameAt(text, at + 1));
    }
  }
  closeFrom(0);
  return found;
}

/** Whether the name of a secret stands where values do. */
export function mayHavePairs(text: string): boolean {
  if (mayNameSecret(text)) for (const [, word = '', next = ''] of text.matchAll(VALUE)) if (namesSecret(word) || (next !== '' && namesSecret(word + next))) return true;
  return false;
}

/** The text in quotes that stands there, or else what `bare` finds, if it is the name of a secret. */
function secretNameAt(text: string, at: number, bare?: RegExp): string | undefined {
  QUOTED.lastIndex = at;
  let name = QUOTED.exec(text)?.[1];
  if (name === undefined && bare) {
    bare.lastIndex = at;
    name = bare.exec(text)?.[1];
  }
  return name !== undefined && namesSecret(name) ? name : undefined;
}
