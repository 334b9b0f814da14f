import { noticeText } from './notice-text';
import type { VscodeApi } from './vscode-api';

/** Says what needs a trusted workspace, and offers to manage its trust. */
export async function needTrust({ l10n, window, commands }: VscodeApi, text: string): Promise<void> {
  const manage = l10n.t('Manage Workspace Trust');
  const answer = await window.showWarningMessage(noticeText(text), manage);
  if (answer === manage) await commands.executeCommand('workbench.trust.manage');
}
