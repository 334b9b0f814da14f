import type { ParsedRunId } from '../../core/index';
import type { LiveAnswer } from '../../protocol/inspection';
import type { RouteAnswer } from '../live/live-answer';
import type { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';

/**
 * Writes the verdict, the first line of every explanation (DESIGN 5): what the ID is, where it routes, who is there.
 * For example: Composite run ID. Routes to `thread_13679e4dcc38403a`. 2 connections live.
 */
export function writeVerdict(text: MarkdownText, api: VscodeApi, reading: ParsedRunId, route: RouteAnswer): void {
  const { l10n } = api;
  text.bold(reading.label).raw('. ');
  const { threadId } = route.answer;
  if (threadId === undefined) {
    if (!isRouted(reading)) return;
    text.text(
      reading.threadId === undefined
        ? l10n.t('Routes nowhere: the ID does not name its thread, and no mapping is registered.')
        : l10n.t('Routes nowhere: no pattern accepts {0}, the thread it names, and no mapping is registered.', reading.threadId),
    );
  } else {
    const itself = threadId === reading.text;
    text.text(itself ? l10n.t('Routes to itself.') : l10n.t('Routes to') + ' ');
    if (!itself) text.code(threadId).raw('.');
    text.raw(' ');
  }
  if (route.kind === 'live') writeLive(text, api, route.answer);
  else if (threadId !== undefined) text.text(notLive(api, route.why));
}

/** Connections, requests and the like have no route. */
export function isRouted({ kind }: ParsedRunId): boolean {
  return kind === 'run' || kind === 'thread';
}

function notLive(api: VscodeApi, why: 'not-running' | 'no-answer'): string {
  return why === 'not-running'
    ? api.l10n.t('No router is running, so nothing is known about connections.')
    : api.l10n.t('The router did not answer in time.');
}

function writeLive(text: MarkdownText, api: VscodeApi, answer: LiveAnswer): void {
  const { l10n } = api;
  if (answer.threadId === undefined) return;
  if (answer.connections > 0) {
    text.text(l10n.t('{0} live.', new Words(api).connections(answer.connections)));
    return;
  }
  const near = answer.nearMisses.find((miss) => miss.connections > 0) ?? answer.nearMisses[0];
  if (!near) {
    text.text(l10n.t('Nobody is connected.'));
    return;
  }
  text.text(l10n.t('Nobody is connected;') + ' ').code(near.thread_id).text(` (${near.why}) ${l10n.t('is.')}`);
}
