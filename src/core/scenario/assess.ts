import { plural } from '../plural';
import { milliseconds } from './duration';
import type { Assertion, ClientReport, SentEvent, VariantReport } from './report';
import type { ClientExpectation, Expectations, ReceiptExpectation } from './scenario';

/** What a run showed, as far as expectations look at it. */
export type Observed = Pick<VariantReport, 'clients' | 'events' | 'deliveries' | 'registry' | 'diagnoses'>;

/** Compares what was expected, its IDs filled in, with what came; one assertion for each thing named. */
export function assess(expect: Expectations, observed: Observed): Assertion[] {
  const assertions: Assertion[] = [];
  const claim = (path: string, passed: boolean, expected: string, received: string): void => {
    assertions.push({ path, passed, expected, received });
  };
  for (const [name, expectation] of Object.entries(expect.clients ?? {})) {
    const client = observed.clients.find((one) => one.name === name);
    if (client) assessClient(`clients.${name}`, expectation, client, claim);
  }
  (expect.receipts ?? []).forEach((expectation, i) => assessReceipts(`receipts[${i}]`, expectation, observed.events, claim));
  for (const [outcome, count] of Object.entries(expect.deliveries ?? {})) {
    const received = observed.deliveries[outcome as keyof typeof observed.deliveries];
    claim(`deliveries.${outcome}`, received === count, `${count} ${outcome}`, `${received}`);
  }
  for (const [runId, thread] of Object.entries(expect.registry ?? {})) {
    const received = observed.registry[runId] ?? null;
    claim(`registry.${runId}`, received === thread, thread ?? 'not registered', received ?? 'not registered');
  }
  const found = observed.diagnoses.map(({ id }) => id);
  const inWords = found.length === 0 ? 'no fault' : found.join(', ');
  for (const id of expect.diagnoses?.includes ?? []) claim('diagnoses.includes', found.includes(id), id, inWords);
  for (const id of expect.diagnoses?.excludes ?? []) claim('diagnoses.excludes', !found.includes(id), `no ${id}`, inWords);
  return assertions;
}

type Claim = (path: string, passed: boolean, expected: string, received: string) => void;

function assessClient(path: string, expect: ClientExpectation, client: ClientReport, claim: Claim): void {
  const types = client.received.map(({ type }) => type);
  const total = types.length + client.omitted;
  const { receives, includes, never, atLeast, atMost } = expect;
  if (receives !== undefined) claim(`${path}.receives`, client.omitted === 0 && sameList(receives, types), listed(receives), listed(types));
  if (includes !== undefined) claim(`${path}.includes`, isSubsequence(includes, types), `${listed(includes)}, others between`, listed(types));
  if (never !== undefined) claim(`${path}.never`, !never.some((type) => types.includes(type)), `none of ${never.join(', ')}`, listed(types));
  if (atLeast !== undefined) claim(`${path}.atLeast`, total >= atLeast, `at least ${plural(atLeast, 'event')}`, String(total));
  if (atMost !== undefined) claim(`${path}.atMost`, total <= atMost, `at most ${plural(atMost, 'event')}`, String(total));
  (expect.latency ?? []).forEach((latency, i) => {
    const took = client.received.find(({ type }) => type === latency.type)?.latencyMs;
    const least = latency.atLeast === undefined ? undefined : milliseconds(latency.atLeast);
    const most = latency.atMost === undefined ? undefined : milliseconds(latency.atMost);
    const bounds = [least === undefined ? '' : `at least ${least} ms`, most === undefined ? '' : `at most ${most} ms`].filter((bound) => bound !== '').join(', ');
    const passed = took !== undefined && took >= (least ?? 0) && took <= (most ?? Infinity);
    claim(`${path}.latency[${i}]`, passed, `${latency.type} after ${bounds || 'any time'}`, took === undefined ? 'it did not arrive' : `${took} ms`);
  });
  const { threads, open, closeCode } = expect;
  if (threads !== undefined) claim(`${path}.threads`, sameList([...threads].sort(), [...client.threads].sort()), threads.join(', ') || 'no thread', client.threads.join(', ') || 'no thread');
  if (open !== undefined) claim(`${path}.open`, client.open === open, open ? 'connected' : 'not connected', client.open ? 'connected' : 'not connected');
  if (closeCode !== undefined) claim(`${path}.closeCode`, client.closeCode === closeCode, `close code ${closeCode}`, client.closeCode === undefined ? 'none' : String(client.closeCode));
}

function assessReceipts(path: string, expect: ReceiptExpectation, events: readonly SentEvent[], claim: Claim): void {
  const which = `${expect.type ?? 'events'}${expect.run === undefined ? '' : ` of ${expect.run}`}`;
  const chosen = events.filter(({ type, runId }) => (expect.type === undefined || type === expect.type) && (expect.run === undefined || runId === expect.run));
  const { count } = expect;
  if (count === undefined ? chosen.length === 0 : chosen.length !== count) {
    claim(count === undefined ? path : `${path}.count`, false, `${count ?? 'at least one'} ${which}`, String(chosen.length));
  } else if (count !== undefined) claim(`${path}.count`, true, `${count} ${which}`, String(chosen.length));
  if (chosen.length === 0) return;
  const each = (name: string, wanted: string, of: (event: SentEvent) => string, fits: (received: string) => boolean): void => {
    const values = [...new Set(chosen.map(of))];
    claim(`${path}.${name}`, values.every(fits), `${wanted} for ${which}`, values.join(', '));
  };
  const same = (name: string, wanted: string | undefined, of: (event: SentEvent) => string): void => {
    if (wanted !== undefined) each(name, wanted, of, (received) => received === wanted);
  };
  same('outcome', expect.outcome, ({ receipt }) => receipt?.outcome ?? 'no receipt');
  same('thread', expect.thread === null ? 'no thread' : expect.thread, ({ receipt }) => receipt?.threadId ?? 'no thread');
  same('source', expect.source, ({ receipt }) => receipt?.source ?? 'none');
  same('pattern', expect.pattern, ({ receipt }) => receipt?.pattern ?? 'none');
  same('connections', expect.connections?.toString(), ({ receipt }) => String(receipt?.connections ?? 'no receipt'));
  const { reason } = expect;
  if (reason !== undefined) each('reason', `"${reason}"`, ({ receipt }) => receipt?.reason ?? 'no reason', (received) => received.includes(reason));
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, i) => item === right[i]);
}

function isSubsequence(wanted: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const item of all) if (item === wanted[next]) next++;
  return next === wanted.length;
}

const MOST_LISTED = 40;

/** Types in order, repetitions as `type ×3`. */
function listed(types: readonly string[]): string {
  if (types.length === 0) return 'nothing';
  const runs: { type: string; times: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.times++;
    else runs.push({ type, times: 1 });
  }
  const shown = runs.slice(0, MOST_LISTED).map(({ type, times }) => (times === 1 ? type : `${type} ×${times}`));
  return shown.join(', ') + (runs.length > MOST_LISTED ? `, … (${types.length} in all)` : '');
}
