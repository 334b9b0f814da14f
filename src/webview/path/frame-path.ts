import type { FrameInfo } from '../../protocol/inspection';
import type { PathFacts } from '../../protocol/traffic-panel';
import { bytesText, plural, spanText } from '../format';

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
  thread_registry: 'the registry',
  orchestrator: 'the orchestrator',
  websocket_manager: 'the connection table',
  direct_format: 'its own form',
  pattern_extraction: 'pattern extraction',
};

/**
 * The way of a frame in words: received, resolved, waited, sent.
 * @param related frames of the same delivery, oldest first, the frame itself among them
 */
export function framePath(frame: FrameInfo, related: readonly FrameInfo[], facts: PathFacts): PathStep[] {
  if (frame.deliverySeq === undefined) return clientPath(frame, facts);
  const received = related.find((other) => other.direction === 'in');
  const sent = related.filter((other) => other.direction === 'out');
  const steps: PathStep[] = [];
  const delivery = facts.delivery;
  const at = received?.at ?? delivery?.at;
  steps.push({
    state: 'done',
    title: `Received from the agent${delivery?.agentName === undefined ? '' : ` ${delivery.agentName}`}`,
    ...(at === undefined ? {} : { at }),
    details: [`${frame.type ?? 'no type'}, ${bytesText(received?.bytes ?? frame.bytes)}`, ...(frame.runId === undefined ? [] : [`run ${frame.runId}`])],
    ...(received === undefined || received.seq === frame.seq ? {} : { seq: received.seq }),
  });
  if (frame.outcome === 'rejected') {
    steps.push({ state: 'failed', title: 'Rejected: no valid agent event', details: failureDetails(facts) });
    return steps;
  }
  steps.push(resolvedStep(frame, facts));
  const outcome = sent.length > 0 ? 'delivered' : (delivery?.outcome ?? frame.outcome);
  if (outcome === 'undeliverable') {
    steps.push({ state: 'failed', title: delivery?.deadLetter ? 'Not delivered: kept as a dead letter' : 'Not delivered', details: failureDetails(facts) });
    return steps;
  }
  const waited = received?.outcome === 'queued' || outcome === 'queued';
  if (waited) {
    const until = sent[0]?.at;
    steps.push({
      state: until === undefined ? 'wait' : 'done',
      title: until === undefined ? 'Waits: nobody is connected to the thread' : `Waited ${at === undefined ? 'some time' : spanText(until - at)} for a connection`,
      ...(at === undefined ? {} : { at }),
      details: until === undefined ? failureDetails(facts) : [],
    });
  }
  for (const out of sent) steps.push(sentStep(frame, out, at, facts));
  if (sent.length === 0 && outcome === 'delivered') {
    steps.push({ state: 'done', title: `Handed to ${plural(delivery?.connections ?? 0, 'connection')}`, details: ['The frame that went out is no longer in the list.'] });
  }
  return steps;
}

function resolvedStep(frame: FrameInfo, { delivery, now }: PathFacts): PathStep {
  const resolution = delivery?.resolution ?? now;
  const then = delivery?.resolution === undefined && now !== undefined ? ['As it would be resolved now: the delivery is no longer remembered.'] : [];
  if (frame.threadId === undefined) {
    return { state: 'failed', title: 'Resolved to no thread', details: [...(resolution?.error === undefined ? [] : [resolution.error]), ...then] };
  }
  const by = resolution?.source === undefined ? '' : ` by ${SOURCES[resolution.source] ?? resolution.source}`;
  const how = [
    ...(resolution?.priority === undefined ? [] : [`priority ${resolution.priority}`]),
    ...(resolution?.pattern === undefined ? [] : [`pattern ${resolution.pattern}`]),
    ...(resolution?.dialect === undefined ? [] : [`dialect ${resolution.dialect}`]),
  ];
  return { state: 'done', title: `Resolved to ${frame.threadId}${by}`, details: [...(how.length > 0 ? [how.join(', ')] : []), ...then] };
}

function sentStep(frame: FrameInfo, out: FrameInfo, receivedAt: number | undefined, facts: PathFacts): PathStep {
  const ids = facts.connections.filter((connection) => connection.connectedAt <= out.at).map(({ id }) => id);
  const recipients = out.recipients ?? 1;
  const gone = recipients - ids.length;
  return {
    state: 'done',
    title: `Sent to ${plural(recipients, 'connection')}`,
    at: out.at,
    details: [
      ...(receivedAt === undefined ? [] : [`${spanText(Math.max(0, out.at - receivedAt))} after it was received`]),
      ...(gone > 0 && facts.connectionCount <= facts.connections.length ? [`${gone} of them ${gone === 1 ? 'is' : 'are'} no longer on the thread`] : []),
    ],
    ...(out.seq === frame.seq ? {} : { seq: out.seq }),
    connectionIds: ids,
  };
}

function clientPath(frame: FrameInfo, facts: PathFacts): PathStep[] {
  const who = frame.connectionId ?? 'a client';
  const received = frame.direction === 'in';
  return [
    {
      state: 'done',
      title: received ? `Received from ${who}` : `Sent to ${who}`,
      at: frame.at,
      details: [
        `${frame.type ?? 'no type'}, ${bytesText(frame.bytes)}`,
        ...(frame.threadId === undefined ? [] : [`thread ${frame.threadId}: ${plural(facts.connectionCount, 'connection')} now`]),
      ],
      ...(frame.connectionId === undefined ? {} : { connectionIds: [frame.connectionId] }),
    },
  ];
}

function failureDetails({ delivery }: PathFacts): string[] {
  if (!delivery) return [];
  return [
    ...(delivery.reason === undefined ? [] : [delivery.reason]),
    ...(delivery.expected === undefined ? [] : [`Expected: ${delivery.expected}`]),
    ...(delivery.received === undefined ? [] : [`Received: ${delivery.received}`]),
    ...(delivery.nearMisses ?? []).map((miss) => `Near miss: ${miss.thread_id} (${miss.why}, ${plural(miss.connections, 'connection')})`),
  ];
}
