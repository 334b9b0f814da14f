import type * as vscode from 'vscode';
import type { TapNotice } from '../../protocol/inspection';
import { noticeText } from '../notice-text';
import type { Sources } from '../sources/sources';
import type { VscodeApi } from '../vscode-api';

/** Says once in the life of a tap what a setting, or a look at the backend, would help with. */
export class TapNotices implements vscode.Disposable {
  private readonly listener: vscode.Disposable;
  private readonly said = new Set<string>();

  constructor(
    private readonly api: VscodeApi,
    sources: Sources,
  ) {
    this.listener = sources.onDidChangeModel(() => {
      const { router } = sources.model;
      const notice = router?.tap?.notice;
      if (router && notice) this.say(notice, `${router.url} ${router.startedAt} ${notice.reason}`);
    });
  }

  dispose(): void {
    this.listener.dispose();
  }

  private say(notice: TapNotice, key: string): void {
    if (this.said.has(key)) return;
    this.said.add(key);
    const { l10n, window, commands } = this.api;
    const openSettings = l10n.t('Open Settings');
    switch (notice.reason) {
      case 'credentials_withheld':
        void window
          .showWarningMessage(noticeText(l10n.t('The backend wants credentials, and the tap keeps Cookie and Authorization to itself. Forward them?')), openSettings)
          .then((answer) => (answer === openSettings ? commands.executeCommand('workbench.action.openSettings', 'threadLens.tap.forwardCredentials') : undefined));
        return;
      case 'backend_unreachable':
      case 'hold_bound':
        void window.showWarningMessage(noticeText(l10n.t('Tap: {0}', notice.message)));
    }
  }
}
