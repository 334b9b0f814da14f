import { listeningRouter } from '../attach/listening-router';
import { COMMANDS } from '../commands';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';

/**
 * Says that a port is in use and offers another, and to attach to what has it where that can be attached to. Answers
 * whether another port is wanted.
 * @param host at which the port was wanted
 */
export async function offerForTakenPort({ commands, l10n, window }: VscodeApi, text: string, host: string, port: number): Promise<boolean> {
  const useAnother = l10n.t('Use Another Port');
  const attach = l10n.t('Attach…');
  const url = await listeningRouter(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  const answer = await window.showErrorMessage(noticeText(text), useAnother, ...(url === undefined ? [] : [attach]));
  if (answer === attach) await commands.executeCommand(COMMANDS.attach, { url, interactive: true });
  return answer === useAnother;
}
