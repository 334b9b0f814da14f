import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptLexer } from '../src/workbench/insight/source/script-lexer';
import type { Token } from '../src/workbench/insight/source/token';

const ROOT = join(__dirname, '..');

/** The English source bundle, as translators get it. */
export const BUNDLE_FILE = join(ROOT, 'l10n', 'bundle.l10n.json');

/**
 * Every string of the workbench and of the Traffic page that goes through `l10n.t`, sorted.
 * @throws Error naming a call whose first argument is no plain string: such a text can never be translated.
 */
function l10nStrings(): string[] {
  const strings = new Set<string>();
  for (const file of globSync('src/{workbench,webview}/**/*.ts', { cwd: ROOT })) {
    for (const { source, tokens } of programsIn(readFileSync(join(ROOT, file), 'utf8'))) {
      for (const [at, token] of tokens.entries()) {
        if (!isTranslated(tokens, at)) continue;
        const [text, ...others] = token.pieces ?? [];
        const next = tokens[at + 1]?.value;
        if (typeof text !== 'string' || others.length > 0 || (next !== ')' && next !== ',')) {
          throw new Error(`${file}: expected a plain string as first argument of l10n.t, received ${source.slice(token.start, token.end + 60)}`);
        }
        strings.add(unescape(text));
      }
    }
  }
  return [...strings].toSorted();
}

/** The bundle's text: each string is its own translation. */
export function l10nBundle(): string {
  return `${JSON.stringify(Object.fromEntries(l10nStrings().map((text) => [text, text])), undefined, 2)}\n`;
}

/**
 * The texts of a file that read as English and are not the first argument of `l10n.t`: two words in a row, one that
 * begins with a capital, or one beside what a template fills in. Texts of errors and of the log, classes of elements, names of keys and modules are none.
 */
export function untranslated(file: string): string[] {
  return programsIn(readFileSync(join(ROOT, file), 'utf8')).flatMap(({ source, tokens }) =>
    tokens.flatMap((token, at) => {
      const pieces = token.pieces?.filter((piece) => typeof piece === 'string') ?? [];
      const isEnglish =
        pieces.some((text) => /\p{L}{2,}[,:;.]? \p{Ll}{2,}/u.test(text)) ||
        /^\p{Lu}\p{Ll}+(?![\p{L}\d/-])/u.test(pieces[0] ?? '') ||
        // A word beside what is filled in: `${count} bytes`, `user ${name}`.
        ((token.pieces?.length ?? 0) > 1 && pieces.some((text) => /^ \p{Ll}{2,}|(?<![\p{L}\d_-])\p{Ll}{2,} $/u.test(text)));
      return !isEnglish || isTranslated(tokens, at) || isForNobody(tokens, at) ? [] : [source.slice(token.start, token.end)];
    }),
  );
}

/** Whether the token at an index is what `l10n.t(` takes first. */
function isTranslated(tokens: readonly Token[], at: number): boolean {
  return ['l10n', '.', 't', '('].every((value, index) => tokens[at - 4 + index]?.value === value);
}

function isForNobody(tokens: readonly Token[], at: number): boolean {
  const [before2 = '', before = ''] = tokens.slice(at - 2, at).map(({ value }) => value);
  if (before === ':') return before2 === 'class';
  if (before === '(') return /Error$|^(?:trace|debug|info|warn|error)$/.test(before2);
  return ['from', 'import', '===', '!==', 'case'].includes(before);
}

interface Program {
  readonly source: string;
  readonly tokens: readonly Token[];
}

/** A program, and each expression inside one of its template literals. */
function programsIn(source: string): Program[] {
  const lexer = new ScriptLexer(source);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  const holes = tokens.flatMap(({ pieces = [] }) => pieces.filter((piece) => typeof piece !== 'string'));
  return [{ source, tokens }, ...holes.flatMap((hole) => programsIn(hole.source))];
}

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u\{?([0-9a-f]+)\}?|(.))/gi, (_, code: string | undefined, char: string | undefined) => {
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return char === 'n' ? '\n' : (char ?? '');
  });
}
