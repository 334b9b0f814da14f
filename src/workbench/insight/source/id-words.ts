/** What an identifier says it holds. */
export type HeldKind = 'run' | 'thread' | 'connection' | 'user';

const KIND_WORDS: Readonly<Record<string, HeldKind>> = { run: 'run', thread: 'thread', connection: 'connection', conn: 'connection', user: 'user' };

/** The words of a name in snake_case, camelCase, PascalCase or CONSTANT_CASE, in lower case. Linear. */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  let from = 0;
  const push = (end: number): void => {
    if (end > from) words.push(name.slice(from, end).toLowerCase());
  };
  for (let at = 0; at < name.length; at++) {
    const char = name.charAt(at);
    if (char === '_' || char === '$') {
      push(at);
      from = at + 1;
    } else if (at > from && isUpper(char) && (!isUpper(name.charAt(at - 1)) || isLower(name.charAt(at + 1)))) {
      push(at);
      from = at;
    }
  }
  push(name.length);
  return words;
}

/**
 * The kind of ID a name holds: its last words are, for example, `run id`. Undefined when it holds none, or when another kind
 * is named too (`thread_or_run_id`): then it is not for us to say.
 */
export function heldKind(name: string): HeldKind | undefined {
  const words = wordsOf(name);
  if (words.at(-1) !== 'id') return undefined;
  const kind = KIND_WORDS[words.at(-2) ?? ''];
  if (kind === undefined) return undefined;
  return words.slice(0, -2).some((word) => KIND_WORDS[word] !== undefined) ? undefined : kind;
}

/** Whether a name is nothing but that: `thread_id`, `threadId`, `_thread_id`. */
export function isPlain(name: string, kind: HeldKind): boolean {
  return heldKind(name) === kind && wordsOf(name).length === 2;
}

const VERBS = new Set(['send', 'broadcast', 'emit', 'publish', 'notify', 'push', 'dispatch', 'deliver', 'post', 'route', 'subscribe', 'unsubscribe', 'join', 'switch', 'queue', 'flush', 'add', 'associate', 'get', 'list', 'count', 'has', 'find']);
const PREPOSITIONS = new Set(['to', 'for', 'from', 'in']);

/**
 * The kind of ID that a function wants first, told by its name: `send_to_thread`, `broadcastMessageToThread`,
 * `get_connections_for_thread`, `sendToUser`. Undefined when its name does not say, or names a run too.
 */
export function wantedFirst(functionName: string): HeldKind | undefined {
  const words = wordsOf(functionName);
  const [verb] = words;
  const target = words.at(-1);
  if (verb === undefined || words.length < 3 || !VERBS.has(verb) || !PREPOSITIONS.has(words.at(-2) ?? '')) return undefined;
  if (target !== 'thread' && target !== 'user') return undefined;
  return words.slice(0, -1).some((word) => word === 'run' || word === 'runs') ? undefined : target;
}

const QUESTIONS = new Set(['is', 'valid', 'validate', 'check', 'looks', 'assert', 'matches', 'normalize']);

/** Whether a function asks what an ID is: it is made for IDs of every kind. */
export function isQuestion(functionName: string): boolean {
  return wordsOf(functionName).some((word) => QUESTIONS.has(word));
}

/** Whether a function takes a run ID apart into its thread ID. */
export function isExtraction(functionName: string): boolean {
  const words = wordsOf(functionName);
  const thread = words.indexOf('thread');
  const verb = words.find((word) => word === 'extract' || word === 'resolve' || word === 'get' || word === 'parse' || word === 'derive');
  if (thread === -1 || verb === undefined || words[thread + 1] !== 'id') return false;
  return verb === 'extract' || verb === 'resolve' || words.includes('run', thread);
}

/** Whether a function mints run IDs for a thread. */
export function isGenerator(functionName: string): boolean {
  const words = wordsOf(functionName);
  return (words[0] === 'generate' || words[0] === 'create' || words[0] === 'make' || words[0] === 'new') && words.length === 3 && words[1] === 'run' && words[2] === 'id';
}

/** Names that only programs with thread routing of this sort have. */
export function speaksOfRouting(name: string): boolean {
  const words = wordsOf(name);
  if (words.length < 3) return name === 'IDManager';
  if (isExtraction(name) || (words.includes('thread') && words.includes('run') && words.includes('registry'))) return true;
  if (words.includes('unified') && words.includes('id')) return true;
  return wantedFirst(name) === 'thread' && (words[0] === 'send' || words[0] === 'broadcast' || words[0] === 'emit');
}

function isUpper(char: string): boolean {
  return char >= 'A' && char <= 'Z';
}

function isLower(char: string): boolean {
  return char >= 'a' && char <= 'z';
}
