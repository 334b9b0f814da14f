import type * as vscode from 'vscode';
import { globToRegExp } from './glob';

/** How well a selector fits a document: 10 exactly, 5 by a star, 0 not at all. The best filter counts. */
export function scoreSelector(selector: vscode.DocumentSelector, document: vscode.TextDocument): number {
  const filters = (Array.isArray(selector) ? selector : [selector]) as (string | vscode.DocumentFilter)[];
  return Math.max(0, ...filters.map((filter) => scoreFilter(filter, document)));
}

function scoreFilter(filter: string | vscode.DocumentFilter, { uri, languageId }: vscode.TextDocument): number {
  if (typeof filter === 'string') return filter === '*' ? 5 : filter === languageId ? 10 : 0;
  const scores: number[] = [];
  if (filter.language !== undefined) scores.push(filter.language === languageId ? 10 : filter.language === '*' ? 5 : 0);
  if (filter.scheme !== undefined) scores.push(filter.scheme === uri.scheme ? 10 : filter.scheme === '*' ? 5 : 0);
  if (filter.pattern !== undefined) scores.push(fitsPattern(filter.pattern, uri) ? 10 : 0);
  if (filter.notebookType !== undefined) scores.push(0);
  return scores.includes(0) ? 0 : Math.max(0, ...scores);
}

function fitsPattern(pattern: vscode.GlobPattern, { fsPath }: vscode.Uri): boolean {
  if (typeof pattern === 'string') return pattern === fsPath || globToRegExp(pattern).test(fsPath);
  const base = `${pattern.baseUri.fsPath.replace(/\/$/, '')}/`;
  return fsPath.startsWith(base) && globToRegExp(pattern.pattern).test(fsPath.slice(base.length));
}
