import { clip } from '../../core/clip';
import { compareDialects, type FormatTable, readRunId } from '../../core/index';
import type { DecodedId } from '../api';
import { COMMANDS } from '../commands';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import { askForId, firstIdIn, textAtCursor } from './id-at-cursor';

/** Takes an ID apart; undefined when the text has no reading. */
export function decode(text: string, table?: FormatTable): DecodedId | undefined {
  const id = firstIdIn(text, table);
  const readings = readRunId(id, { table });
  const [best] = readings;
  return best ? { ...best, readings, dialects: compareDialects(id) } : undefined;
}

/**
 * `Thread Lens: Decode ID…`. With an argument it only answers; without one it takes the selection or the ID at the cursor, else
 * asks (and offers what the clipboard holds), and tells.
 */
export async function decodeIdCommand(api: VscodeApi, argument: unknown, table?: FormatTable): Promise<DecodedId | undefined> {
  if (typeof argument === 'string') return decode(argument, table);
  const { l10n, InputBoxValidationSeverity } = api;
  const text =
    textAtCursor(api, table) ??
    (await askForId(api, l10n.t('Decode ID'), table, (typed) => {
      const decoded = decode(typed, table);
      return decoded ? { message: noticeText(summary(api, decoded)), severity: InputBoxValidationSeverity.Info } : { message: noticeText(notAnId(api, typed)), severity: InputBoxValidationSeverity.Error };
    }));
  return text === undefined ? undefined : showDecoded(api, text, table);
}

/** Says in a message what an ID is. What it offers besides needs a click. */
export function showDecoded(api: VscodeApi, text: string, table?: FormatTable): DecodedId | undefined {
  const { l10n, window, env, commands } = api;
  const decoded = decode(text, table);
  if (!decoded) {
    void window.showWarningMessage(noticeText(notAnId(api, text)));
    return undefined;
  }
  const explain = l10n.t('Explain');
  const copy = l10n.t('Copy Thread ID');
  const actions = decoded.threadId === undefined ? [explain] : [explain, copy];
  void window.showInformationMessage(noticeText(summary(api, decoded)), ...actions).then((answer) => {
    if (answer === explain) return commands.executeCommand(COMMANDS.explainRouting, decoded.text);
    if (answer === copy && decoded.threadId !== undefined) return env.clipboard.writeText(decoded.threadId);
    return undefined;
  });
  return decoded;
}

function notAnId({ l10n }: VscodeApi, text: string): string {
  return l10n.t('Expected a run, thread or connection ID, received "{0}".', clip(text, 80));
}

function summary(api: VscodeApi, decoded: DecodedId): string {
  const { l10n } = api;
  const parts = [`${decoded.label}.`];
  parts.push(
    decoded.threadId === undefined
      ? l10n.t('It does not name its thread.')
      : l10n.t('Thread {0}.', decoded.threadId),
  );
  if (decoded.timestamp !== undefined) {
    const minted = new Date(decoded.timestamp).toISOString();
    parts.push(l10n.t('Minted {0} ({1}).', minted, new Words(api).age(decoded.timestamp, Date.now())));
  }
  parts.push(...decoded.warnings.map((warning) => warning.message));
  return parts.join(' ');
}
