import { messageOf } from '../../core/message-of';
import { COMMANDS } from '../commands';
import { askForId, firstIdIn } from '../ids/id-at-cursor';
import type { HoverScene } from './hover-on-line';
import { noticeText } from '../notice-text';

/**
 * `Thread Lens: Register Run to Thread…`: tells the running router which thread a run belongs to. The argument is
 * `{ runId, threadId? }`; what is missing is asked. Answers whether it was registered.
 */
export async function registerMapping({ api, live, formats: { table } }: HoverScene, argument: unknown): Promise<boolean> {
  const { window, l10n } = api;
  const given = typeof argument === 'object' && argument !== null ? (argument as { runId?: unknown; threadId?: unknown }) : {};
  const runId = typeof given.runId === 'string' ? given.runId : await askForRun();
  if (runId === undefined) return false;
  const threadId = typeof given.threadId === 'string' ? given.threadId : await askForThread();
  if (threadId === undefined) return false;
  const { client } = live;
  if (!client) {
    void window.showWarningMessage(noticeText(l10n.t('No router is running that could register {0}.', runId)));
    return false;
  }
  try {
    await client.request('registerRun', { runId, threadId });
  } catch (error) {
    void window.showErrorMessage(noticeText(l10n.t('{0} was not registered: {1}', runId, messageOf(error))));
    return false;
  }
  const explain = l10n.t('Explain');
  void window.showInformationMessage(noticeText(l10n.t('The router now routes {0} to {1}.', runId, threadId)), explain).then((answer) => (answer === explain ? api.commands.executeCommand(COMMANDS.explainRouting, runId) : undefined));
  return true;

  async function askForRun(): Promise<string | undefined> {
    const answer = await askForId(api, l10n.t('Register Run'), table);
    return answer === undefined ? undefined : firstIdIn(answer, table);
  }

  async function askForThread(): Promise<string | undefined> {
    const answer = await window.showInputBox({
      title: l10n.t('Register Run'),
      prompt: l10n.t('The thread that {0} belongs to', runId ?? ''),
      placeHolder: 'thread_13679e4dcc38403a',
      validateInput: (text) => (/^\S+$/.test(text.trim()) ? undefined : noticeText(l10n.t('Expected a thread ID without blanks, received "{0}".', text.slice(0, 80)))),
    });
    return answer?.trim();
  }
}
