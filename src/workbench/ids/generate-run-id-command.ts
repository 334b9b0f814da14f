import type * as vscode from 'vscode';
import { type FormatTable, generateRunId, InvalidThreadIdError } from '../../core/index';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { textAtCursor } from './id-at-cursor';

type Format = 'run_id_generator' | 'id_manager';

export interface GenerateArguments {
  readonly threadId?: string;
  readonly format?: Format;
}

/**
 * `Thread Lens: Generate Run ID…`. With a thread ID it only answers; without one it asks, then inserts (another ID at each
 * cursor) or copies, as the user says; what cannot be inserted is copied.
 * @throws {InvalidThreadIdError} when the given thread ID can have no run ID.
 */
export async function generateRunIdCommand(api: VscodeApi, argument: unknown, table?: FormatTable): Promise<string | undefined> {
  const given = readArguments(argument);
  if (given.threadId !== undefined) return generateRunId(given.threadId, { format: given.format ?? 'run_id_generator' });
  const { l10n, window, env } = api;
  const pointed = textAtCursor(api, table);
  const format = given.format ?? (await pickFormat(api));
  if (!format) return undefined;
  const threadId = await window.showInputBox({
    title: l10n.t('Generate Run ID'),
    prompt: l10n.t('The thread the run belongs to'),
    value: pointed ?? 'thread_',
    validateInput: (text) => problemWith(text, format),
  });
  if (threadId === undefined) return undefined;
  const runId = generateRunId(threadId, { format });
  const editor = window.activeTextEditor;
  // Output cannot be written to; without an editor there is nowhere to insert.
  const use = editor && editor.document.uri.scheme !== 'output' ? await pickUse(api, runId) : 'copy';
  if (use === undefined) return undefined;
  if (!editor || use === 'copy' || !(await insert(editor, runId, () => generateRunId(threadId, { format })))) {
    await env.clipboard.writeText(runId);
    void window.showInformationMessage(noticeText(l10n.t('Copied {0}', runId)));
  }
  return runId;
}

/** Puts the ID at the first cursor and further ones at the others; false where nothing can be written, or no longer. */
async function insert(editor: vscode.TextEditor, runId: string, further: () => string): Promise<boolean> {
  const [first, ...others] = editor.selections;
  try {
    return await editor.edit((edit) => {
      edit.replace(first ?? editor.selection, runId);
      for (const selection of others) edit.replace(selection, further());
    });
  } catch {
    // The editor was closed meanwhile.
    return false;
  }
}

function readArguments(argument: unknown): GenerateArguments {
  if (typeof argument === 'string') return { threadId: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  const { threadId, format } = argument as Record<string, unknown>;
  return {
    ...(typeof threadId === 'string' ? { threadId } : {}),
    ...(format === 'run_id_generator' || format === 'id_manager' ? { format } : {}),
  };
}

async function pickFormat(api: VscodeApi): Promise<Format | undefined> {
  const items: { label: string; description: string; format: Format }[] = [
    { label: api.l10n.t('Composite'), description: 'thread_{id}_run_{ms}_{8 hex}', format: 'run_id_generator' },
    { label: api.l10n.t('Legacy'), description: 'run_{id}_{8 hex}', format: 'id_manager' },
  ];
  return (await api.window.showQuickPick(items, { title: api.l10n.t('Generate Run ID'), ignoreFocusOut: true }))?.format;
}

async function pickUse(api: VscodeApi, runId: string): Promise<'insert' | 'copy' | undefined> {
  const { l10n } = api;
  const items: { label: string; use: 'insert' | 'copy' }[] = [
    { label: l10n.t('$(insert) Insert at the Cursor'), use: 'insert' },
    { label: l10n.t('$(copy) Copy to the Clipboard'), use: 'copy' },
  ];
  return (await api.window.showQuickPick(items, { title: l10n.t('Generate Run ID'), placeHolder: runId, ignoreFocusOut: true }))?.use;
}

function problemWith(threadId: string, format: Format): string | undefined {
  try {
    generateRunId(threadId, { format });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidThreadIdError) return error.message;
    throw error;
  }
}
