import type { ConnectionDetails, ConnectionMoment } from '../../protocol/inspection';
import { alignColumns } from './align-columns';
import { explainCloseCode } from './close-codes';
import { showInvisible } from '../markdown-text';
import { duration, type Words } from '../words';

const MOMENT_WORDS: Record<ConnectionMoment['what'], string> = {
  connected: 'connected',
  associated: 'joined',
  dissociated: 'left',
  first_event: 'first event for its thread',
  first_delivery: 'first delivery',
  missed_event: 'missed an event',
  alarm: 'ALARM',
  closed: 'closed',
};

/** Everything known of one connection, as text to be read: state, counters, handshake, timeline. */
export function renderConnection(details: ConnectionDetails, now: number, words: Words): string {
  const sections = [
    `# ${details.id}\n\n${state(details, now)}`,
    section('Counters', counters(details, words)),
    section('Handshake (secrets redacted)', Object.entries(details.handshake).map(([name, value]) => [name, value])),
    timeline(details),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`.split('\n').map(showInvisible).join('\n');
}

function state(details: ConnectionDetails, now: number): string {
  const lines: string[] = [];
  if (details.open) lines.push(`Open for ${duration(now - details.connectedAt)}.`);
  else lines.push(`Closed: ${explainCloseCode(details.closeCode, details.closeReason)}`);
  if (details.threads.length === 0) lines.push('It named no thread, so no agent event can reach it.');
  else lines.push(`Receives the events of ${details.threads.join(', ')}.`);
  if (details.raceWindowMs !== undefined) {
    lines.push(`Joined ${duration(details.raceWindowMs)} after the first event of its thread: that event came too early for it.`);
  }
  if (details.bufferedBytes > 0) lines.push(`Reads too slowly: ${details.bufferedBytes} bytes wait for it.`);
  return lines.join('\n');
}

function counters(details: ConnectionDetails, words: Words): string[][] {
  const rows = [
    ['user', details.userId ?? 'not named'],
    ['from', details.remoteAddress],
    ['origin', details.origin ?? 'none'],
    ['subprotocol', details.subprotocol ?? 'none'],
    ['sent', `${details.messagesSent} messages, ${words.bytes(details.bytesSent)}`],
    ['received', `${details.messagesReceived} messages, ${words.bytes(details.bytesReceived)}`],
    ['unread', words.bytes(details.bufferedBytes)],
    ['dropped', String(details.dropped)],
  ];
  if (details.latencyMs !== undefined) rows.push(['round trip', `${details.latencyMs.toFixed(1)} ms`]);
  return rows;
}

function timeline({ timeline: moments }: ConnectionDetails): string {
  const [first] = moments;
  if (!first) return '';
  const rows = moments.map(({ at, what, detail }) => [new Date(at).toISOString().slice(11, 23), `+${duration(at - first.at)}`, MOMENT_WORDS[what], detail]);
  return section('Timeline (UTC)', rows);
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : [`## ${title}`, '', ...alignColumns(rows)].join('\n');
}
