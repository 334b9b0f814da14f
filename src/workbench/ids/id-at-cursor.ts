import type * as vscode from 'vscode';
import { type FormatTable, readRunId, scanText } from '../../core/index';
import { foundIdAt } from '../hover/found-id-at';
import type { VscodeApi } from '../vscode-api';

/** A selection longer than this, in characters, is not meant as an ID or a log line. */
const MAX_SELECTION = 20_000;

/** What the active editor points at: the selected text, else the ID under the cursor. */
export function textAtCursor(api: VscodeApi, table?: FormatTable): string | undefined {
  const editor = api.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  if (!selection.isEmpty) {
    const selected = document.getText(selection).trim();
    return selected !== '' && selected.length <= MAX_SELECTION ? selected : undefined;
  }
  return foundIdAt(document.lineAt(selection.active.line).text, selection.active.character, table)?.reading.text;
}

/** Below this a reading of a whole text is no better than an ID found inside it. */
const WHOLE_TEXT_CONFIDENCE = 0.5;

/** The ID a text stands for: the text itself when it reads as one, else the first in it, e.g. in a pasted log line. */
export function firstIdIn(text: string, table?: FormatTable): string {
  const whole = text.trim();
  const [reading] = readRunId(whole, { table });
  if (reading && reading.confidence >= WHOLE_TEXT_CONFIDENCE) return whole;
  for (const found of scanText(whole, { table })) return found.text;
  return whole;
}

/**
 * Asks for an ID or a log line; prefilled from the clipboard when that holds an ID.
 * @param say what is said of a text while it is typed; an error keeps the box open
 */
export async function askForId(
  api: VscodeApi,
  title: string,
  table?: FormatTable,
  say: (text: string) => vscode.InputBoxValidationMessage | undefined = () => undefined,
): Promise<string | undefined> {
  const clipboard = (await api.env.clipboard.readText()).trim();
  const holdsId = clipboard.length <= MAX_SELECTION && !scanText(clipboard, { table })[Symbol.iterator]().next().done;
  const answer = await api.window.showInputBox({
    title,
    prompt: api.l10n.t('A run, thread or connection ID, or a log line that holds one'),
    placeHolder: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
    ...(holdsId ? { value: clipboard } : {}),
    validateInput: (text) => (text.trim() === '' ? api.l10n.t('Expected an ID or a log line, received nothing.') : say(text.trim())),
  });
  return answer?.trim();
}
