import type { Arrival, Moment, SentEvent, VariantReport } from './report';

/** A shorter ID is replaced only where it stands alone: it could be part of any word. */
const SHORTEST_NAMED = 8;

/** One line of what happened: an event and its fate at each client, or a moment of a client. */
export interface Lane {
  /** Since the beginning, in milliseconds. */
  readonly at: number;
  readonly agent: string;
  readonly what: string;
  readonly outcome: string;
  /** One for each client, in their order. */
  readonly clients: readonly string[];
  /** For how many events in a row it stands. */
  readonly times: number;
}

/** Replaces the IDs of a run by their names, e.g. `{T}`, wherever they stand in a text. */
export function naming(ids: Readonly<Record<string, string>>): (text: string) => string {
  // The longest first: a run ID holds its thread ID.
  const names = Object.entries(ids).sort(([, left], [, right]) => right.length - left.length);
  return (text) => names.reduce((named, [name, id]) => (id.length < SHORTEST_NAMED ? (named === id ? `{${name}}` : named) : named.replaceAll(id, `{${name}}`)), text);
}

/** What happened, in order; events of one kind and one fate in a row are one line. */
export function lanesOf(report: VariantReport): Lane[] {
  const nameOf = naming(report.ids);
  const events = new Map(report.events.map((event) => [event.number, event]));
  const arrivals = report.clients.map(({ received }) => {
    const byEvent = new Map<number, Arrival[]>();
    for (const arrival of received) if (arrival.event !== undefined) byEvent.set(arrival.event, [...(byEvent.get(arrival.event) ?? []), arrival]);
    return byEvent;
  });
  const lanes: Lane[] = [];
  for (const moment of report.moments) {
    if (moment.what !== 'event') {
      lanes.push(momentLane(moment, report, nameOf));
      continue;
    }
    const event = events.get(moment.event);
    if (!event) continue;
    const lane = eventLane(event, arrivals.map((byEvent) => byEvent.get(event.number) ?? []), nameOf);
    const last = lanes.at(-1);
    const repeats = last !== undefined && last.agent === lane.agent && last.what === lane.what && last.outcome === lane.outcome && last.clients.every((cell, i) => isSent(cell) === isSent(lane.clients[i] ?? ''));
    if (repeats) lanes[lanes.length - 1] = { ...last, times: last.times + 1 };
    else lanes.push(lane);
  }
  return lanes;
}

/** Whether the event arrived, so that only how long it took tells two cells apart. */
function isSent(cell: string): string {
  return cell.replaceAll(/\+\d+ ms/g, '+');
}

function eventLane(event: SentEvent, arrivals: readonly (readonly Arrival[])[], nameOf: (id: string) => string): Lane {
  const { type, runId, agent, receipt, final, at } = event;
  const later = final === undefined || final.outcome === receipt?.outcome ? '' : `, later ${final.outcome}`;
  const thread = receipt?.threadId === undefined ? 'no thread' : nameOf(receipt.threadId);
  const how = receipt?.pattern === undefined ? (receipt?.source === 'thread_registry' ? ' (registry)' : '') : ` (pattern ${receipt.pattern})`;
  return {
    at, agent,
    what: `${type} ${nameOf(runId)}`,
    outcome: receipt ? `${receipt.outcome} → ${thread}${how}${later}` : 'no receipt',
    clients: arrivals.map((list) => list.map((arrival) => `✓ +${Math.round(arrival.latencyMs ?? 0)} ms${arrival.type === type ? '' : ` as ${arrival.type}`}`).join(', ') || '–'),
    times: 1,
  };
}

function momentLane(moment: Exclude<Moment, { readonly what: 'event' }>, report: VariantReport, nameOf: (id: string) => string): Lane {
  const cells = (names: readonly string[], text: string): string[] => report.clients.map(({ name }) => (names.includes(name) ? text : ''));
  const lane = (what: string, names: readonly string[] = [], text = ''): Lane => ({ at: moment.at, agent: '', what, outcome: '', clients: cells(names, text), times: 1 });
  switch (moment.what) {
    case 'connected':
      return lane('', [moment.client], 'connects');
    case 'associated':
      return lane('', moment.clients, `on ${nameOf(moment.threadId)}`);
    case 'left':
      return lane('', [moment.client], `leaves ${nameOf(moment.threadId)}`);
    case 'closed':
      return lane('', [moment.client], `${moment.own ? 'ends' : 'is closed'} (${moment.code})`);
    case 'stalled':
      return lane('', [moment.client], 'stops reading');
    case 'resumed':
      return lane('', [moment.client], 'reads again');
    case 'said':
      return lane('', [moment.client], `sends ${moment.type}`);
    case 'registered':
      return lane(`register ${nameOf(moment.runId)} → ${nameOf(moment.threadId)}`);
    case 'unregistered':
      return lane(`unregister ${nameOf(moment.runId)}`);
    case 'advanced':
      return lane(`the clock moves on by ${duration(moment.by)}`);
  }
}

function duration(ms: number): string {
  for (const [unit, size] of [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]] as const) if (ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  return `${ms} ms`;
}
