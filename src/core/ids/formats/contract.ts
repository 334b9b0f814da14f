import { describeValue } from '../../errors';
import { isRecord } from '../../is-record';
import type { IdKind } from '../reading';
import { defineFormat, FormatError, type FormatSpec } from './define-format';
import type { IdFormat } from './id-format';

/** Something wrong in a contract file. */
export interface ContractProblem {
  /** Where, e.g. `formats[2].template`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** The routing contract of a workspace, `.vscode/thread-lens.json`. What is wrong in it is left out and reported. */
export interface Contract {
  readonly version: number;
  readonly formats: readonly IdFormat[];
  readonly problems: readonly ContractProblem[];
}

export const CONTRACT_VERSION = 1;
const MOST_FORMATS = 100;
const MOST_EXAMPLES = 20;
const LONGEST_TEXT = 300;
/** More problems than this are not reported: whoever mends a file mends the first ones first. */
const MOST_PROBLEMS = 100;
/** Of the name of an unknown member. */
const LONGEST_NAME = 100;

const KINDS: readonly IdKind[] = ['run', 'thread', 'connection', 'request', 'other'];
const THREAD_FORMS = ['prefixed', 'as-is'] as const;
const FORMAT_MEMBERS = ['name', 'template', 'pattern', 'kind', 'label', 'era', 'thread', 'examples'];
const CONTRACT_MEMBERS = ['$schema', 'version', 'formats'];

class Reader {
  readonly problems: ContractProblem[] = [];
  /** Of all problems, the unreported ones too. */
  found = 0;

  report(path: string, expected: string, received: unknown): undefined {
    if (++this.found <= MOST_PROBLEMS) this.problems.push({ path, expected, received: typeof received === 'string' ? received : describeValue(received) });
    return undefined;
  }

  unknownMembers(record: Readonly<Record<string, unknown>>, path: string, known: readonly string[]): void {
    for (const member of Object.keys(record)) {
      if (!known.includes(member)) this.report(join(path, member.slice(0, LONGEST_NAME)), `one of ${known.join(', ')}`, describeValue(member));
    }
  }

  text(value: unknown, path: string): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value;
    return this.report(path, `text of at most ${LONGEST_TEXT} characters`, describeValue(value));
  }

  choice<T extends string>(value: unknown, path: string, choices: readonly T[]): T | undefined {
    if (value === undefined) return undefined;
    return choices.find((choice) => choice === value) ?? this.report(path, `one of ${choices.join(', ')}`, describeValue(value));
  }

  texts(value: unknown, path: string): readonly string[] | undefined {
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > MOST_EXAMPLES) return this.report(path, `a list of at most ${MOST_EXAMPLES} texts`, describeValue(value));
    return value.map((item: unknown, i) => this.text(item, `${path}[${i}]`)).filter((item) => item !== undefined);
  }
}

function join(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}

function readFormat(value: unknown, path: string, reader: Reader, trusted: boolean): IdFormat | undefined {
  if (!isRecord(value)) return reader.report(path, 'an object with "name" and "template"', describeValue(value));
  const before = reader.found;
  reader.unknownMembers(value, path, FORMAT_MEMBERS);
  const name = reader.text(value.name, `${path}.name`);
  if (value.name === undefined) reader.report(`${path}.name`, 'a name', undefined);
  const spec: FormatSpec = {
    name: name ?? '',
    template: reader.text(value.template, `${path}.template`),
    pattern: reader.text(value.pattern, `${path}.pattern`),
    kind: reader.choice(value.kind, `${path}.kind`, KINDS),
    label: reader.text(value.label, `${path}.label`),
    era: reader.text(value.era, `${path}.era`),
    thread: reader.choice(value.thread, `${path}.thread`, THREAD_FORMS),
    examples: reader.texts(value.examples, `${path}.examples`),
  };
  if (reader.found > before) return undefined;
  try {
    return defineFormat(spec, { trusted });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return reader.report(`${path}.${error.member}`, error.expected, error.received);
  }
}

function withoutSameNames(formats: readonly (IdFormat | undefined)[], path: string, reader: Reader): IdFormat[] {
  const names = new Set<string>();
  return formats.filter((format, i): format is IdFormat => {
    if (!format) return false;
    if (!names.has(format.name)) return names.add(format.name).has(format.name);
    reader.report(`${path}[${i}].name`, 'a name that no other format has', describeValue(format.name));
    return false;
  });
}

/** Reads a list of formats, from the settings or from a contract. Never throws; what is wrong is left out and reported. */
export function parseFormats(
  value: unknown,
  options: { readonly trusted?: boolean | undefined; readonly path?: string | undefined } = {},
): { readonly formats: readonly IdFormat[]; readonly problems: readonly ContractProblem[] } {
  const reader = new Reader();
  const path = options.path ?? 'formats';
  if (!Array.isArray(value) || value.length > MOST_FORMATS) {
    reader.report(path, `a list of at most ${MOST_FORMATS} formats`, describeValue(value));
    return { formats: [], problems: reader.problems };
  }
  const read = value.map((item: unknown, i) => readFormat(item, `${path}[${i}]`, reader, options.trusted === true));
  return { formats: withoutSameNames(read, path, reader), problems: reader.problems };
}

/**
 * Reads the parsed JSON of a contract file. Never throws: whatever comes, the answer holds the formats that are right and a
 * problem for each that is not. Regular expressions are taken only with `trusted`.
 */
export function parseContract(json: unknown, options: { readonly trusted?: boolean | undefined } = {}): Contract {
  const reader = new Reader();
  if (!isRecord(json)) {
    reader.report('', 'an object with "version" and "formats"', describeValue(json));
    return { version: CONTRACT_VERSION, formats: [], problems: reader.problems };
  }
  if (json.version !== CONTRACT_VERSION) {
    reader.report('version', String(CONTRACT_VERSION), describeValue(json.version));
    return { version: CONTRACT_VERSION, formats: [], problems: reader.problems };
  }
  reader.unknownMembers(json, '', CONTRACT_MEMBERS);
  const { formats, problems } = json.formats === undefined ? { formats: [], problems: [] } : parseFormats(json.formats, options);
  return { version: CONTRACT_VERSION, formats, problems: [...reader.problems, ...problems] };
}
