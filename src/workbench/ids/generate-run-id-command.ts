import { generateRunId, InvalidThreadIdError } from '../../core/index';
import type { VscodeApi } from '../vscode-api';
import { textAtCursor } from './id-at-cursor';

type Format = 'run_id_generator' | 'id_manager';

export interface GenerateArguments {
  readonly threadId?: string;
  readonly format?: Format;
}

/**
 * `Thread Lens: Generate Run ID…`. With a thread ID it only answers; without one it asks, then inserts at the cursor or
 * copies.
 * @throws {InvalidThreadIdError} when the given thread ID can have no run ID.
 */
export async function generateRunIdCommand(api: VscodeApi, argument: unknown): Promise<string | undefined> {
  const given = readArguments(argument);
  if (given.threadId !== undefined) return generateRunId(given.threadId, { format: given.format ?? 'run_id_generator' });
  const { l10n, window, env } = api;
  const pointed = textAtCursor(api);
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
  if (editor && editor.document.uri.scheme !== 'output') {
    await editor.edit((edit) => edit.replace(editor.selection, runId));
  } else {
    await env.clipboard.writeText(runId);
    void window.showInformationMessage(l10n.t('Copied {0}', runId));
  }
  return runId;
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
  return (await api.window.showQuickPick(items, { title: api.l10n.t('Generate Run ID') }))?.format;
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
