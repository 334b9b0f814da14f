import type { ConnectionDetails } from '../../protocol/inspection';
import { h } from '../dom/element';
import { bytesText, isoTime, numberText, spanText, timeOfDay } from '../format';
import { l10n } from '../l10n';
import { closeCodeText } from '../path/close-codes';
import { messages } from '../words';

/** Everything that is known of one connection. */
export function connectionView(details: ConnectionDetails): HTMLElement {
  return h(
    'div',
    { class: 'connection' },
    facts([
      [l10n.t('State'), stateText(details)],
      [l10n.t('User'), details.userId ?? l10n.t('none given')],
      [l10n.t('Threads'), details.threads.length === 0 ? l10n.t('none: it receives nothing') : details.threads.join(', ')],
      [l10n.t('Connected'), isoTime(details.connectedAt)],
      [l10n.t('Last activity'), isoTime(details.lastActivityAt)],
      [l10n.t('Address'), details.remoteAddress],
      [l10n.t('Origin'), details.origin ?? l10n.t('none')],
      [l10n.t('Subprotocol'), details.subprotocol ?? l10n.t('none')],
      [l10n.t('Sent to it'), messages(details.messagesSent, bytesText(details.bytesSent))],
      [l10n.t('Received from it'), messages(details.messagesReceived, bytesText(details.bytesReceived))],
      [l10n.t('Round trip'), details.latencyMs === undefined ? l10n.t('not measured yet') : spanText(details.latencyMs)],
      [l10n.t('Unread'), details.bufferedBytes === 0 ? l10n.t('nothing: it reads as fast as events come') : l10n.t('{0} wait for it to read', bytesText(details.bufferedBytes))],
      [l10n.t('Dropped'), details.dropped === 0 ? l10n.t('nothing') : details.dropped === 1 ? l10n.t('1 event, because it read too slowly') : l10n.t('{0} events, because it read too slowly', numberText(details.dropped))],
      ...(details.raceWindowMs === undefined ? [] : [[l10n.t('Came late by'), l10n.t('{0} after the first event of its thread', spanText(details.raceWindowMs))] as const]),
    ]),
    h('h3', {}, l10n.t('What happened')),
    h(
      'ol',
      { class: 'moments' },
      ...details.timeline.map((moment) => h('li', {}, h('time', { title: isoTime(moment.at) }, timeOfDay(moment.at)), h('span', {}, moment.detail === '' ? moment.what.replaceAll('_', ' ') : moment.detail))),
    ),
    h('h3', {}, l10n.t('Handshake')),
    facts(Object.entries(details.handshake)),
  );
}

function facts(rows: readonly (readonly [name: string, value: string])[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function stateText({ open, closeCode, closeReason }: ConnectionDetails): string {
  if (open) return l10n.t('open');
  if (closeCode === undefined) return l10n.t('closed');
  const meaning = closeCodeText(closeCode);
  if (closeReason === undefined || closeReason === '') return l10n.t('closed with {0}: {1}', closeCode, meaning);
  return l10n.t('closed with {0} “{1}”: {2}', closeCode, closeReason, meaning);
}
