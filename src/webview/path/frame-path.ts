import type { FrameInfo } from '../../protocol/inspection';
import type { PathFacts } from '../../protocol/traffic-panel';
import { bytesText, spanText } from '../format';
import { l10n } from '../l10n';
import { connections } from '../words';

/** One station on the way of a frame. */
export interface PathStep {
  readonly state: 'done' | 'wait' | 'failed';
  readonly title: string;
  /** Milliseconds since 1970, when it is known. */
  readonly at?: number;
  readonly details: readonly string[];
  /** A frame to go to. */
  readonly seq?: number;
  /** Connections to look at. */
  readonly connectionIds?: readonly string[];
}

const SOURCES: Readonly<Record<string, string>> = {
  thread_registry: l10n.t('the registry'),
  orchestrator: l10n.t('the orchestrator'),
  websocket_manager: l10n.t('the connection table'),
  direct_format: l10n.t('its own form'),
  pattern_extraction: l10n.t('pattern extraction'),
};

/**
 * The way of a frame in words: received, resolved, waited, sent.
 * @param related frames of the same delivery, oldest first, the frame itself among them
 */
export function framePath(frame: FrameInfo, related: readonly FrameInfo[], facts: PathFacts): PathStep[] {
  if (frame.deliverySeq === undefined) return clientPath(frame, facts);
  if (frame.connectionId !== undefined) return tappedPath(frame, frame.connectionId, facts);
  const received = related.find((other) => other.direction === 'in');
  const sent = related.filter((other) => other.direction === 'out');
  const steps: PathStep[] = [];
  const delivery = facts.delivery;
  const at = received?.at ?? delivery?.at;
  steps.push({
    state: 'done',
    title: delivery?.agentName === undefined ? l10n.t('Received from the agent') : l10n.t('Received from agent {0}', delivery.agentName),
    ...(at === undefined ? {} : { at }),
    details: [`${frame.type ?? l10n.t('no type')}, ${bytesText(received?.bytes ?? frame.bytes)}`, ...(frame.runId === undefined ? [] : [l10n.t('run {0}', frame.runId)])],
    ...(received === undefined || received.seq === frame.seq ? {} : { seq: received.seq }),
  });
  if (frame.outcome === 'rejected') {
    steps.push({ state: 'failed', title: l10n.t('Rejected: no valid agent event'), details: failureDetails(facts) });
    return steps;
  }
  steps.push(resolvedStep(frame, facts));
  const outcome = sent.length > 0 ? 'delivered' : (delivery?.outcome ?? frame.outcome);
  if (outcome === 'undeliverable') {
    steps.push({ state: 'failed', title: delivery?.deadLetter ? l10n.t('Not delivered: kept as a dead letter') : l10n.t('Not delivered'), details: failureDetails(facts) });
    return steps;
  }
  const waited = received?.outcome === 'queued' || outcome === 'queued';
  if (waited) {
    const until = sent[0]?.at;
    steps.push({
      state: until === undefined ? 'wait' : 'done',
      title: until === undefined ? l10n.t('Waits: nobody is connected to the thread') : at === undefined ? l10n.t('Waited some time for a connection') : l10n.t('Waited {0} for a connection', spanText(until - at)),
      ...(at === undefined ? {} : { at }),
      details: until === undefined ? failureDetails(facts) : [],
    });
  }
  for (const out of sent) steps.push(sentStep(frame, out, at, facts));
  if (sent.length === 0 && outcome === 'delivered') {
    steps.push({ state: 'done', title: l10n.t('Handed to {0}', connections(delivery?.connections ?? 0)), details: [l10n.t('The frame that went out is no longer in the list.')] });
  }
  return steps;
}

/** An event that a tap saw: its backend decided the way, and the tap where it should have gone. */
function tappedPath(frame: FrameInfo, connectionId: string, facts: PathFacts): PathStep[] {
  const { misrouted } = frame;
  return [
    {
      state: 'done',
      title: frame.injected === true ? l10n.t('Sent by the workbench') : l10n.t('Received from the backend'),
      at: frame.at,
      details: [`${frame.type ?? l10n.t('no type')}, ${bytesText(frame.bytes)}`, ...(frame.runId === undefined ? [] : [l10n.t('run {0}', frame.runId)])],
    },
    ...(frame.threadId === undefined ? [] : [resolvedStep(frame, facts)]),
    misrouted
      ? { state: 'failed', title: l10n.t('Sent to {0}, which is on another thread', connectionId), details: [misroutedText(misrouted)], connectionIds: [connectionId] }
      : { state: 'done', title: l10n.t('Sent to {0}', connectionId), details: [], connectionIds: [connectionId] },
  ];
}

/** What was wrong with where a frame went, in words. */
export function misroutedText({ expected, received }: NonNullable<FrameInfo['misrouted']>): string {
  return l10n.t('Misrouted: expected a connection on {0}, received one on {1}', expected, received);
}

function resolvedStep(frame: FrameInfo, { delivery, now }: PathFacts): PathStep {
  const resolution = delivery?.resolution ?? now;
  const then = delivery?.resolution === undefined && now !== undefined ? [l10n.t('As it would be resolved now: the delivery is no longer remembered.')] : [];
  if (frame.threadId === undefined) {
    return { state: 'failed', title: l10n.t('Resolved to no thread'), details: [...(resolution?.error === undefined ? [] : [resolution.error]), ...then] };
  }
  const source = resolution?.source;
  const title = source === undefined ? l10n.t('Resolved to {0}', frame.threadId) : l10n.t('Resolved to {0} by {1}', frame.threadId, SOURCES[source] ?? source);
  const how = [
    ...(resolution?.priority === undefined ? [] : [l10n.t('priority {0}', resolution.priority)]),
    ...(resolution?.pattern === undefined ? [] : [l10n.t('pattern {0}', resolution.pattern)]),
    ...(resolution?.dialect === undefined ? [] : [l10n.t('dialect {0}', resolution.dialect)]),
  ];
  return { state: 'done', title, details: [...(how.length > 0 ? [how.join(', ')] : []), ...then] };
}

function sentStep(frame: FrameInfo, out: FrameInfo, receivedAt: number | undefined, facts: PathFacts): PathStep {
  const ids = facts.connections.filter((connection) => connection.connectedAt <= out.at).map(({ id }) => id);
  const recipients = out.recipients ?? 1;
  const gone = recipients - ids.length;
  return {
    state: 'done',
    title: l10n.t('Sent to {0}', connections(recipients)),
    at: out.at,
    details: [
      ...(receivedAt === undefined ? [] : [l10n.t('{0} after it was received', spanText(Math.max(0, out.at - receivedAt)))]),
      ...(gone > 0 && facts.connectionCount <= facts.connections.length ? [gone === 1 ? l10n.t('1 of them is no longer on the thread') : l10n.t('{0} of them are no longer on the thread', gone)] : []),
    ],
    ...(out.seq === frame.seq ? {} : { seq: out.seq }),
    connectionIds: ids,
  };
}

function clientPath(frame: FrameInfo, facts: PathFacts): PathStep[] {
  const who = frame.connectionId ?? l10n.t('a client');
  const received = frame.direction === 'in';
  return [
    {
      state: 'done',
      title: received ? l10n.t('Received from {0}', who) : l10n.t('Sent to {0}', who),
      at: frame.at,
      details: [
        `${frame.type ?? l10n.t('no type')}, ${bytesText(frame.bytes)}`,
        ...(frame.threadId === undefined ? [] : [l10n.t('thread {0}: {1} now', frame.threadId, connections(facts.connectionCount))]),
      ],
      ...(frame.connectionId === undefined ? {} : { connectionIds: [frame.connectionId] }),
    },
  ];
}

function failureDetails({ delivery }: PathFacts): string[] {
  if (!delivery) return [];
  return [
    ...(delivery.reason === undefined ? [] : [delivery.reason]),
    ...(delivery.expected === undefined ? [] : [l10n.t('Expected: {0}', delivery.expected)]),
    ...(delivery.received === undefined ? [] : [l10n.t('Received: {0}', delivery.received)]),
    ...(delivery.nearMisses ?? []).map((miss) => l10n.t('Near miss: {0} ({1}, {2})', miss.thread_id, miss.why, connections(miss.connections))),
  ];
}
