import type * as vscode from 'vscode';
import { EDITED_SCHEMES } from '../edited-schemes';
import type { Language } from '../insight/source/outline';

const LANGUAGES: Readonly<Record<string, Language>> = {
  python: 'python',
  typescript: 'script',
  typescriptreact: 'script',
  javascript: 'script',
  javascriptreact: 'script',
};

export const SOURCE_SELECTOR: vscode.DocumentFilter[] = Object.keys(LANGUAGES).flatMap((language) => EDITED_SCHEMES.map((scheme) => ({ language, scheme })));

/** Files that hold source, for `workspace.findFiles`, and folders with the work of others. */
export const SOURCE_FILES = '**/*.{py,pyi,ts,tsx,mts,cts,js,jsx,mjs,cjs}';
export const FOREIGN_FOLDERS = '**/{node_modules,.git,.venv,venv,site-packages,dist,build,out,vendor,__pycache__}/**';

/** The language of a document that is analysed; undefined for others. */
export function languageOfDocument(document: vscode.TextDocument): Language | undefined {
  return EDITED_SCHEMES.includes(document.uri.scheme) ? LANGUAGES[document.languageId] : undefined;
}

/** The language of one of `SOURCE_FILES`, by its name. */
export function languageOfFile(uri: vscode.Uri): Language {
  return /\.pyi?$/.test(uri.path) ? 'python' : 'script';
}

/** Tests mint IDs of every format on purpose. */
export function isTestFile(uri: vscode.Uri): boolean {
  const parts = uri.path.split('/');
  const name = parts.at(-1) ?? '';
  return parts.slice(0, -1).some((part) => part === 'test' || part === 'tests' || part === '__tests__' || part === 'e2e') || /^test_|[._-](?:test|spec)\.\w+$|^conftest\.py$/.test(name);
}
