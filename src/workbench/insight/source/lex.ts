import type { Language } from './outline';
import type { Lexer } from './lexer';
import { PythonLexer } from './python-lexer';
import { ScriptLexer } from './script-lexer';

/** The lexer of a language, at the beginning of the source. */
export function lexerFor(source: string, language: Language): Lexer {
  return language === 'python' ? new PythonLexer(source) : new ScriptLexer(source);
}

/** The names and whole numbers of an expression, in order. */
export function readNames(source: string, language: Language): { readonly names: string[]; readonly numbers: number[] } {
  const lexer = lexerFor(source, language);
  const names: string[] = [];
  const numbers: number[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.kind === 'name') names.push(token.value);
    else if (token.kind === 'other') {
      const number = Number(source.slice(token.start, token.end).replaceAll('_', ''));
      if (Number.isInteger(number)) numbers.push(number);
    }
  }
  return { names, numbers };
}
