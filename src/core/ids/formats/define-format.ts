import { describeValue } from '../../errors';
import { compilePattern, type LinearPattern } from '../pattern/compile-pattern';
import { PatternError } from '../pattern/pattern-node';
import type { IdKind } from '../reading';
import { withThreadPrefix } from '../bridge-patterns';
import { type FormatMatch, type IdFormat, templateFormat } from './id-format';
import { compileTemplate, type SegmentValues, TemplateError } from './template';

/** A format as a user writes it down, in the settings or in a contract file. */
export interface FormatSpec {
  /** Name shown with a reading, e.g. `order`. */
  readonly name: string;
  /** Text and named segments, e.g. `order-{thread}-{ms}-{hex8}`. Either this or `pattern`. */
  readonly template?: string | undefined;
  /** A regular expression for the whole ID with named groups, e.g. `(?<thread>\w+)#(?<ms>\d{13})`. Needs `trusted`. */
  readonly pattern?: string | undefined;
  /** Default `run`. */
  readonly kind?: IdKind | undefined;
  /** Default: the name. */
  readonly label?: string | undefined;
  /** Default `any`. */
  readonly era?: string | undefined;
  /** Whether the thread ID is the segment `thread` with `thread_` before it (unless there), or as it stands. Default `as-is`. */
  readonly thread?: 'prefixed' | 'as-is' | undefined;
  /** IDs that must be read by it. */
  readonly examples?: readonly string[] | undefined;
}

export type FormatErrorReason = 'invalid-name' | 'template-or-pattern' | 'untrusted-pattern' | 'template' | 'pattern' | 'example';

/** A format cannot be defined. `member` names the part of the spec that is wrong. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    readonly reason: FormatErrorReason,
    readonly member: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`Invalid format: expected ${expected}, received ${received}`);
  }
}

/** What a user defines is meant, so it goes before every built-in reading. */
const DEFINED_CONFIDENCE = 0.99;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

function threadOf(spec: FormatSpec): (values: SegmentValues, text: string) => string | undefined {
  return (values, text) => {
    const thread = Object.hasOwn(values, 'thread') ? values.thread : spec.kind === 'thread' ? text : undefined;
    return thread !== undefined && spec.thread === 'prefixed' ? withThreadPrefix(thread) : thread;
  };
}

function fromTemplate(spec: FormatSpec, template: string): IdFormat {
  try {
    return templateFormat({ ...describe(spec), template: compileTemplate(template), thread: threadOf(spec) });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new FormatError('template', 'template', 'a template such as "order-{thread}-{ms}-{hex8}"', `${describeValue(template)}: ${error.message} (at ${error.at})`);
  }
}

function compile(source: string): LinearPattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new FormatError('pattern', 'pattern', 'a regular expression that needs no backtracking', `${describeValue(source)}: ${error.message} (at ${error.at})`);
  }
}

function fromPattern(spec: FormatSpec, source: string): IdFormat {
  const pattern = compile(source);
  const thread = threadOf(spec);
  return {
    ...describe(spec),
    grammar: source,
    prefix: pattern.prefix,
    // Any character of the source may be one of the ID: a scan only has to look far enough.
    literals: source.replaceAll(/[A-Za-z0-9\s\\[\](){}|*+?^$"'`<>]/g, ''),
    scanned: pattern.prefix !== '',
    read(text): FormatMatch | undefined {
      const fields = pattern.match(text);
      return fields && { fields, threadId: thread(fields, text) };
    },
  };
}

function describe(spec: FormatSpec): Pick<IdFormat, 'name' | 'label' | 'kind' | 'era' | 'examples' | 'confidence'> {
  return {
    name: spec.name,
    label: spec.label ?? spec.name,
    kind: spec.kind ?? 'run',
    era: spec.era ?? 'any',
    examples: spec.examples ?? [],
    confidence: DEFINED_CONFIDENCE,
  };
}

/**
 * Makes a format of a user's definition. A template is always safe: it has at most one reading and matches in linear time. A
 * regular expression is taken only with `trusted`, and runs on a matcher that cannot backtrack, so that it cannot hang either.
 * @throws {FormatError} naming the member that is wrong, with what was expected and received.
 */
export function defineFormat(spec: FormatSpec, options: { readonly trusted?: boolean | undefined } = {}): IdFormat {
  const { name, template, pattern } = spec;
  if (!NAME.test(name)) throw new FormatError('invalid-name', 'name', 'a letter, then up to 63 letters, digits, "_" or "-"', describeValue(name));
  if ((template === undefined) === (pattern === undefined)) {
    throw new FormatError('template-or-pattern', 'template', 'either "template" or "pattern"', template === undefined ? 'neither' : 'both');
  }
  if (pattern !== undefined && options.trusted !== true) {
    throw new FormatError('untrusted-pattern', 'pattern', 'a template (regular expressions need a trusted workspace)', describeValue(pattern));
  }
  const format = pattern === undefined ? fromTemplate(spec, template ?? '') : fromPattern(spec, pattern);
  for (const [i, example] of format.examples.entries()) {
    if (!format.read(example)) throw new FormatError('example', `examples[${i}]`, `an ID like ${format.grammar.slice(0, 120)}`, describeValue(example));
  }
  return format;
}
