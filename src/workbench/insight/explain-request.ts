import type * as vscode from 'vscode';
import type { FormatTable } from '../../core/index';
import { foundIdAt } from '../hover/found-id-at';
import { askForId } from '../ids/id-at-cursor';
import type { VscodeApi } from '../vscode-api';
import type { HoverScene } from './hover-on-line';

/** What is to be explained: a text, or lines of a document. */
export type ExplainRequest =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'place';
      readonly document: vscode.TextDocument;
      /** The first and the last line, from 0. */
      readonly from: number;
      readonly to: number;
      /** The ID that was pointed at. */
      readonly id: string | undefined;
    };

/** More lines than this are not explained one by one: that is what diagnosing the log is for. */
const MOST_LINES = 2000;
const LONGEST_TEXT = 200_000;

/**
 * Reads the argument of the command: a text, or `{ uri, line, endLine? }` with lines from 1. Without one, what the active
 * editor points at; when that is nothing, asks. Undefined when nothing was given.
 */
export async function readExplainRequest({ api, formats: { table } }: HoverScene, argument: unknown): Promise<ExplainRequest | undefined> {
  if (typeof argument === 'string') return textRequest(argument);
  const place = await readPlace(api, argument);
  if (place) return place;
  const pointed = atCursor(api, table);
  if (pointed) return pointed;
  const text = await askForId(api, api.l10n.t('Explain Routing'), table);
  return text === undefined ? undefined : textRequest(text);
}

function textRequest(text: string): ExplainRequest {
  return { kind: 'text', text: text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text };
}

async function readPlace(api: VscodeApi, argument: unknown): Promise<ExplainRequest | undefined> {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { uri, line, endLine = line } = argument as { uri?: unknown; line?: unknown; endLine?: unknown };
  if (typeof uri !== 'string' || !Number.isInteger(line) || !Number.isInteger(endLine)) return undefined;
  const open = api.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  const document = open ?? (await api.workspace.openTextDocument(api.Uri.parse(uri, true)));
  return placeRequest(document, Number(line) - 1, Number(endLine) - 1);
}

function atCursor(api: VscodeApi, table: FormatTable): ExplainRequest | undefined {
  const editor = api.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  const { start, end, active } = selection;
  if (selection.isEmpty) {
    const text = document.lineAt(active.line).text;
    const id = foundIdAt(text, active.character, table)?.reading.text;
    return text.trim() === '' ? undefined : placeRequest(document, active.line, active.line, id);
  }
  const selected = document.getText(selection).trim();
  if (selected === '') return undefined;
  if (selection.isSingleLine && !/\s/.test(selected)) return textRequest(selected);
  // A selection of whole lines ends at the start of the next.
  return placeRequest(document, start.line, end.character === 0 && end.line > start.line ? end.line - 1 : end.line);
}

function placeRequest(document: vscode.TextDocument, from: number, to: number, id?: string): ExplainRequest {
  const last = document.lineCount - 1;
  const first = Math.min(Math.max(0, from), last);
  return { kind: 'place', document, from: first, to: Math.min(Math.max(first, to), last, first + MOST_LINES - 1), id };
}
