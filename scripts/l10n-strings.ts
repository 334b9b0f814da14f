import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptLexer } from '../src/workbench/insight/source/script-lexer';
import type { Token } from '../src/workbench/insight/source/token';

const ROOT = join(__dirname, '..');

/** The English source bundle, as translators get it. */
export const BUNDLE_FILE = join(ROOT, 'l10n', 'bundle.l10n.json');

/**
 * Every string of the workbench that goes through `l10n.t`, sorted.
 * @throws Error naming a call whose first argument is no plain string: such a text can never be translated.
 */
export function l10nStrings(): string[] {
  const strings = new Set<string>();
  for (const file of globSync('src/workbench/**/*.ts', { cwd: ROOT })) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    const tokens = tokensOf(source);
    for (const [at, token] of tokens.entries()) {
      const isCall = token.value === 't' && tokens[at - 1]?.value === '.' && tokens[at - 2]?.value === 'l10n' && tokens[at + 1]?.value === '(';
      if (!isCall) continue;
      const [text, ...others] = tokens[at + 2]?.pieces ?? [];
      const next = tokens[at + 3]?.value;
      if (typeof text !== 'string' || others.length > 0 || (next !== ')' && next !== ',')) {
        throw new Error(`${file}: expected a plain string as first argument of l10n.t, received ${source.slice(token.start, token.end + 60)}`);
      }
      strings.add(unescape(text));
    }
  }
  return [...strings].toSorted();
}

/** The bundle's text: each string is its own translation. */
export function l10nBundle(): string {
  return `${JSON.stringify(Object.fromEntries(l10nStrings().map((text) => [text, text])), undefined, 2)}\n`;
}

function tokensOf(source: string): Token[] {
  const lexer = new ScriptLexer(source);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  return tokens;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u\{?([0-9a-f]+)\}?|(.))/gi, (_, code: string | undefined, char: string | undefined) => {
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return char === 'n' ? '\n' : (char ?? '');
  });
}
