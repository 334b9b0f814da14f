import type * as vscode from 'vscode';
import { type Diagnosis, type FormatTable, scanText } from '../../core/index';
import type { LineEvent } from '../insight/line-event';
import { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';

const ICONS = { error: 'error', warning: 'warning', information: 'info' } as const;
/** Below this a diagnosis of one line is said to be a guess. */
const SURE = 0.6;

/** The hover on a recognised log line: what failed, why, what to do. Undefined when there is nothing to say. */
export function eventCard(api: VscodeApi, { diagnosis, message }: LineEvent, table?: FormatTable): MarkdownText | undefined {
  if (diagnosis) return writeDiagnosis(new MarkdownText(api), api, diagnosis, table);
  if (message?.meaning === undefined) return undefined;
  return writeWithIds(new MarkdownText(api).raw('$(output) '), message.meaning, table);
}

function writeDiagnosis(text: MarkdownText, api: VscodeApi, diagnosis: Diagnosis, table: FormatTable | undefined): MarkdownText {
  const { l10n } = api;
  text.raw(`$(${diagnosis.noise ? 'mute' : ICONS[diagnosis.severity]}) `).bold(diagnosis.title).raw('. ');
  writeWithIds(text, diagnosis.verdict, table);
  if (diagnosis.confidence < SURE) text.text(` ${l10n.t('A guess from this line alone.')}`);
  text.paragraph().text(`${l10n.t('Why')}: `);
  writeWithIds(text, diagnosis.cause, table).raw('  \n');
  const [action] = diagnosis.actions;
  if (action) writeWithIds(text.text(`${l10n.t('Do')}: `), action.text, table).raw('  \n');
  const near = diagnosis.nearMisses.find(({ threadId }) => !diagnosis.verdict.includes(threadId));
  if (near) text.text(`${l10n.t('Close')}: `).code(near.threadId).text(` (${near.why})`).raw('  \n');
  return text;
}

/** A sentence of ours; the IDs in it come from outside and are set as code. */
function writeWithIds(text: MarkdownText, sentence: string, table: FormatTable | undefined): MarkdownText {
  let end = 0;
  for (const { offset, length, text: id } of scanText(sentence, { table })) {
    // "run_id" and the like are words of the sentence.
    if (!/\d/.test(id)) continue;
    text.text(sentence.slice(end, offset)).code(id);
    end = offset + length;
  }
  return text.text(sentence.slice(end));
}

/** Where the event stands on its line. */
export function eventSpan({ diagnosis, message }: LineEvent): { readonly offset: number; readonly length: number } | undefined {
  return message ?? diagnosis?.evidence[0];
}

/** A place in a document, as `threadLens.explainRouting` takes it; lines count from 1. */
export function explainPlace(document: vscode.TextDocument, line: number): object {
  return { uri: document.uri.toString(), line: line + 1 };
}
