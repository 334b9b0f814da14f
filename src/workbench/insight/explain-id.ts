import type { DialectComparison, ParsedRunId } from '../../core/index';
import { isRouted } from '../hover/verdict';
import type { RouteAnswer } from '../live/live-answer';
import { duration } from '../words';
import { alignColumns } from '../documents/align-columns';
import type { IdFacts } from './explanation-facts';

const OUTCOME_WORDS = { hit: 'found', miss: 'no answer', invalid: 'unusable', skipped: 'not asked', failed: 'failed' } as const;

/** Steps of the chain that may go unasked because an earlier one answered (DOMAIN 3). */
const LATER = [
  [2, 'Orchestrator'],
  [3, 'Connection manager'],
  [4, 'Pattern extraction'],
] as const;

/** What the ID is, where it routes and who is there, in one paragraph. */
export function idVerdict({ readings: [best], route, listensOn }: IdFacts): string {
  const what = best ? `${best.label}.` : 'No known kind of ID.';
  const { threadId } = route.answer;
  if (!best) return `${what} Expected a run, thread or connection ID, or a log line.`;
  if (!isRouted(best)) return `${what} It is not routed: only runs and threads are.${listening(listensOn)}`;
  if (threadId === undefined) {
    const why = best.threadId === undefined ? 'it does not name its thread' : `no pattern accepts ${best.threadId}, the thread it names`;
    return `${what} Routes nowhere: ${why}, and no mapping is known.`;
  }
  const where = threadId === best.text ? 'Routes to itself.' : `Routes to ${threadId}.`;
  if (route.kind !== 'live') return `${what} ${where}`;
  const { connections } = route.answer;
  return `${what} ${where} ${connections > 0 ? `${count(connections, 'connection')} live.` : 'Nobody is connected.'}`;
}

/** The sections on one ID: live state, trace, dialects, readings. */
export function idSections(facts: IdFacts, now: number): string[] {
  const [best] = facts.readings;
  const routing = best && !isRouted(best) ? [] : [live(facts.route), trace(facts.route), dialects(facts.dialects)];
  return [...routing, readings(facts.readings, now)];
}

function listening(threads: readonly string[] | undefined): string {
  if (threads === undefined) return '';
  return threads.length === 0 ? ' It is open and listens on no thread.' : ` It is open and listens on ${threads.slice(0, 5).join(', ')}.`;
}

function live(route: RouteAnswer): string {
  const lines = ['## Live state', ''];
  if (route.kind === 'from-id') {
    const why = route.why === 'not-running' ? 'No router is running' : 'The router did not answer in time';
    return [...lines, `${why}, so this is what the ID alone says.`].join('\n');
  }
  const { answer } = route;
  if (answer.connections > 0) lines.push('An event would be sent now to:', '', ...answer.connectionIds.map((id) => `- ${id}`));
  else if (answer.threadId === undefined) lines.push('An event would not arrive now: its thread is not known.');
  else lines.push(`An event would not arrive now: nobody is connected to ${answer.threadId}.`);
  if (answer.connections > answer.connectionIds.length) lines.push(`- and ${answer.connections - answer.connectionIds.length} more`);
  if (answer.waiting > 0) lines.push('', `${count(answer.waiting, 'event')} waiting for a connection.`);
  if (answer.nearMisses.length > 0) {
    lines.push('', 'Live threads with a similar name:', '');
    lines.push(...alignColumns(answer.nearMisses.map((miss) => [`- ${miss.thread_id}`, miss.why, count(miss.connections, 'connection')])));
  }
  return lines.join('\n');
}

function trace({ answer }: RouteAnswer): string {
  if (answer.steps.length === 0) return '';
  const rows = answer.steps.map((step) => [String(step.priority), step.name, OUTCOME_WORDS[step.outcome], step.reason]);
  const isFound = answer.threadId !== undefined;
  const after = answer.steps.at(-1)?.priority ?? 5;
  for (const [priority, name] of LATER) if (isFound && priority > after) rows.push([String(priority), name, 'not reached', 'An earlier step answered.']);
  rows.push(['5', 'Error', isFound ? 'not reached' : 'reached', isFound ? 'An earlier step answered.' : 'No source knows the thread, so nothing is sent.']);
  return ['## How it is resolved', '', ...alignColumns([['Priority', 'Asked', 'Outcome', 'Why'], ...rows])].join('\n');
}

function dialects(comparison: DialectComparison): string {
  const rows = comparison.answers.map((answer) => [answer.dialect, answer.threadId ?? 'none', answer.pattern ?? '']);
  const table = alignColumns([['Dialect', 'Thread', 'Pattern'], ...rows]);
  return ['## What each version of the backend makes of it', '', ...table, '', comparison.diagnosis].join('\n');
}

function readings(all: readonly ParsedRunId[], now: number): string {
  if (all.length === 0) return '';
  const lines = [all.length === 1 ? '## What the ID holds' : '## Readings, most likely first', ''];
  for (const reading of all) {
    lines.push(`- ${reading.label}, ${Math.round(reading.confidence * 100)} % sure: ${reading.threadId ?? 'does not name its thread'}`);
    const details = [`format ${reading.format}`, `era ${reading.era}`];
    if (reading.timestamp !== undefined) details.unshift(`minted ${minted(reading.timestamp, now)}`);
    if (reading.suffix !== undefined) details.push(`suffix ${reading.suffix}`);
    lines.push(`  ${details.join(', ')}`);
  }
  const warnings = new Set(all.flatMap((reading) => reading.warnings.map((warning) => warning.message)));
  if (warnings.size > 0) lines.push('', ...[...warnings].map((message) => `- Mind: ${message}`));
  return lines.join('\n');
}

function minted(timestamp: number, now: number): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return String(timestamp);
  const age = duration(Math.abs(now - timestamp));
  return `${date.toISOString()} (${timestamp <= now ? `${age} ago` : `in ${age}`})`;
}

/** A number of things in words. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
