import type { ConnectionDetails, ConnectionMoment } from '../../protocol/inspection';
import { timeOfDay } from '../time-of-day';
import { alignColumns } from './align-columns';
import { explainClose } from './close-codes';
import { shownText } from './shown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';

/** Everything known of one connection, as text to be read: state, counters, handshake, timeline. */
export function renderConnection(api: VscodeApi, details: ConnectionDetails, now: number): string {
  const { l10n } = api;
  const sections = [
    `# ${details.id}\n\n${state(api, details, now)}`,
    section(l10n.t('Counters'), counters(api, details)),
    section(l10n.t('Handshake (secrets redacted)'), Object.entries(details.handshake).map(([name, value]) => [name, value])),
    timeline(api, details),
  ];
  return shownText(`${sections.filter((text) => text !== '').join('\n\n')}\n`);
}

function state(api: VscodeApi, details: ConnectionDetails, now: number): string {
  const { l10n } = api;
  const words = new Words(api);
  const lines: string[] = [];
  if (details.open) lines.push(l10n.t('Open for {0}.', words.duration(Math.max(0, now - details.connectedAt))));
  else lines.push(explainClose(api, details.closeCode, details.closeReason));
  if (details.threads.length === 0) lines.push(l10n.t('It named no thread, so no agent event can reach it.'));
  else lines.push(l10n.t('Receives the events of {0}.', details.threads.join(', ')));
  if (details.raceWindowMs !== undefined) {
    const late = words.duration(details.raceWindowMs);
    lines.push(l10n.t('Joined {0} after the first event of its thread: that event came too early for it.', late));
  }
  if (details.bufferedBytes > 0) lines.push(l10n.t('Reads too slowly: {0} bytes wait for it.', details.bufferedBytes));
  return lines.join('\n');
}

function counters(api: VscodeApi, details: ConnectionDetails): string[][] {
  const { l10n } = api;
  const words = new Words(api);
  const messages = (count: number, bytes: number): string =>
    count === 1 ? l10n.t('1 message, {0}', words.bytes(bytes)) : l10n.t('{0} messages, {1}', count, words.bytes(bytes));
  const rows = [
    [l10n.t('user'), details.userId ?? l10n.t('not named')],
    [l10n.t('from'), details.remoteAddress],
    [l10n.t('origin'), details.origin ?? l10n.t('none')],
    [l10n.t('subprotocol'), details.subprotocol ?? l10n.t('none')],
    [l10n.t('sent'), messages(details.messagesSent, details.bytesSent)],
    [l10n.t('received'), messages(details.messagesReceived, details.bytesReceived)],
    [l10n.t('unread'), words.bytes(details.bufferedBytes)],
    [l10n.t('dropped'), String(details.dropped)],
  ];
  if (details.latencyMs !== undefined) rows.push([l10n.t('round trip'), l10n.t('{0} ms', details.latencyMs.toFixed(1))]);
  return rows;
}

function timeline(api: VscodeApi, { timeline: moments }: ConnectionDetails): string {
  const [first] = moments;
  if (!first) return '';
  const words = new Words(api);
  const rows = moments.map(({ at, what, detail }) => {
    const word = momentWords(api, what);
    // A detail stands alone elsewhere; here it would say the word again.
    return [timeOfDay(at), `+${words.duration(at - first.at)}`, word, detail.startsWith(`${word} `) ? detail.slice(word.length + 1) : detail];
  });
  return section(api.l10n.t('Timeline (UTC)'), rows);
}

function momentWords({ l10n }: VscodeApi, what: ConnectionMoment['what']): string {
  switch (what) {
    case 'connected':
      return l10n.t('connected');
    case 'associated':
      return l10n.t('joined');
    case 'dissociated':
      return l10n.t('left');
    case 'first_event':
      return l10n.t('first event for its thread');
    case 'first_delivery':
      return l10n.t('first delivery');
    case 'missed_event':
      return l10n.t('missed an event');
    case 'alarm':
      return l10n.t('ALARM');
    case 'closed':
      return l10n.t('closed');
  }
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : [`## ${title}`, '', ...alignColumns(rows)].join('\n');
}
