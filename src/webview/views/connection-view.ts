import type { ConnectionDetails } from '../../protocol/inspection';
import { h } from '../dom/element';
import { bytesText, isoTime, numberText, plural, spanText, timeOfDay } from '../format';
import { closeCodeText } from '../path/close-codes';

/** Everything that is known of one connection. */
export function connectionView(details: ConnectionDetails): HTMLElement {
  return h(
    'div',
    { class: 'connection' },
    facts([
      ['State', stateText(details)],
      ['User', details.userId ?? 'none given'],
      ['Threads', details.threads.length === 0 ? 'none: it receives nothing' : details.threads.join(', ')],
      ['Connected', isoTime(details.connectedAt)],
      ['Last activity', isoTime(details.lastActivityAt)],
      ['Address', details.remoteAddress],
      ['Origin', details.origin ?? 'none'],
      ['Subprotocol', details.subprotocol ?? 'none'],
      ['Sent to it', `${plural(details.messagesSent, 'message')}, ${bytesText(details.bytesSent)}`],
      ['Received from it', `${plural(details.messagesReceived, 'message')}, ${bytesText(details.bytesReceived)}`],
      ['Round trip', details.latencyMs === undefined ? 'not measured yet' : spanText(details.latencyMs)],
      ['Unread', details.bufferedBytes === 0 ? 'nothing: it reads as fast as events come' : `${bytesText(details.bufferedBytes)} wait for it to read`],
      ['Dropped', details.dropped === 0 ? 'nothing' : `${numberText(details.dropped)} events, because it read too slowly`],
      ...(details.raceWindowMs === undefined ? [] : [['Came late by', `${spanText(details.raceWindowMs)} after the first event of its thread`] as const]),
    ]),
    h('h3', {}, 'What happened'),
    h(
      'ol',
      { class: 'moments' },
      ...details.timeline.map((moment) => h('li', {}, h('time', { title: isoTime(moment.at) }, timeOfDay(moment.at)), h('span', {}, moment.detail === '' ? moment.what.replaceAll('_', ' ') : moment.detail))),
    ),
    h('h3', {}, 'Handshake'),
    facts(Object.entries(details.handshake)),
  );
}

function facts(rows: readonly (readonly [name: string, value: string])[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function stateText({ open, closeCode, closeReason }: ConnectionDetails): string {
  if (open) return 'open';
  if (closeCode === undefined) return 'closed';
  const reason = closeReason === undefined || closeReason === '' ? '' : ` “${closeReason}”`;
  return `closed with ${closeCode}${reason}: ${closeCodeText(closeCode)}`;
}
