import type { DialectComparison, ParsedRunId } from '../../core/index';
import { isRouted } from '../hover/verdict';
import type { RouteAnswer } from '../live/live-answer';
import { alignColumns } from '../documents/align-columns';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import type { IdFacts } from './explanation-facts';

/** Steps of the chain that may go unasked because an earlier one answered (DOMAIN 3), by the names that core has for them. */
const LATER = [
  [2, 'Orchestrator'],
  [3, 'Connection manager'],
  [4, 'Pattern extraction'],
] as const;

/** What the ID is, where it routes and who is there, in one paragraph. */
export function idVerdict(api: VscodeApi, { readings: [best], route, listensOn }: IdFacts): string {
  const { l10n } = api;
  if (!best) return `${l10n.t('No known kind of ID.')} ${l10n.t('Expected a run, thread or connection ID, or a log line.')}`;
  const sentences = [`${best.label}.`];
  const { threadId } = route.answer;
  if (!isRouted(best)) sentences.push(l10n.t('It is not routed: only runs and threads are.'), ...listening(api, listensOn));
  else if (threadId === undefined) {
    sentences.push(
      best.threadId === undefined
        ? l10n.t('Routes nowhere: it does not name its thread, and no mapping is known.')
        : l10n.t('Routes nowhere: no pattern accepts {0}, the thread it names, and no mapping is known.', best.threadId),
    );
  } else {
    sentences.push(threadId === best.text ? l10n.t('Routes to itself.') : l10n.t('Routes to {0}.', threadId));
    if (route.kind === 'live') sentences.push(present(api, route.answer.connections));
  }
  return sentences.join(' ');
}

/** The sections on one ID: live state, trace, dialects, readings. */
export function idSections(api: VscodeApi, facts: IdFacts, now: number): string[] {
  const [best] = facts.readings;
  const routing = best && !isRouted(best) ? [] : [live(api, facts.route), trace(api, facts.route), dialects(api, facts.dialects)];
  return [...routing, readings(api, facts.readings, now)];
}

function present(api: VscodeApi, connections: number): string {
  const { l10n } = api;
  return connections > 0 ? l10n.t('{0} live.', new Words(api).connections(connections)) : l10n.t('Nobody is connected.');
}

function listening({ l10n }: VscodeApi, threads: readonly string[] | undefined): string[] {
  if (threads === undefined) return [];
  return [threads.length === 0 ? l10n.t('It is open and listens on no thread.') : l10n.t('It is open and listens on {0}.', threads.slice(0, 5).join(', '))];
}

function live(api: VscodeApi, route: RouteAnswer): string {
  const { l10n } = api;
  const lines = [`## ${l10n.t('Live state')}`, ''];
  if (route.kind === 'from-id') {
    lines.push(
      route.why === 'not-running'
        ? l10n.t('No router is running, so this is what the ID alone says.')
        : l10n.t('The router did not answer in time, so this is what the ID alone says.'),
    );
    return lines.join('\n');
  }
  const { answer } = route;
  const words = new Words(api);
  if (answer.connections > 0) lines.push(l10n.t('An event would be sent now to:'), '', ...answer.connectionIds.map((id) => `- ${id}`));
  else if (answer.threadId === undefined) lines.push(l10n.t('An event would not arrive now: its thread is not known.'));
  else lines.push(l10n.t('An event would not arrive now: nobody is connected to {0}.', answer.threadId));
  if (answer.connections > answer.connectionIds.length) lines.push(`- ${l10n.t('and {0} more', answer.connections - answer.connectionIds.length)}`);
  if (answer.waiting > 0) lines.push('', l10n.t('{0} waiting for a connection.', words.events(answer.waiting)));
  if (answer.nearMisses.length > 0) {
    lines.push('', l10n.t('Live threads with a similar name:'), '');
    lines.push(...alignColumns(answer.nearMisses.map((miss) => [`- ${miss.thread_id}`, miss.why, words.connections(miss.connections)])));
  }
  return lines.join('\n');
}

function trace({ l10n }: VscodeApi, { answer }: RouteAnswer): string {
  if (answer.steps.length === 0) return '';
  const outcomes = { hit: l10n.t('found'), miss: l10n.t('no answer'), invalid: l10n.t('unusable'), skipped: l10n.t('not asked'), failed: l10n.t('failed') };
  const rows = answer.steps.map((step) => [String(step.priority), step.name, outcomes[step.outcome], step.reason]);
  const unreached = [l10n.t('not reached'), l10n.t('An earlier step answered.')];
  const isFound = answer.threadId !== undefined;
  const after = answer.steps.at(-1)?.priority ?? 5;
  for (const [priority, name] of LATER) if (isFound && priority > after) rows.push([String(priority), name, ...unreached]);
  const end = isFound ? unreached : [l10n.t('reached'), l10n.t('No source knows the thread, so nothing is sent.')];
  rows.push(['5', l10n.t('Error'), ...end]);
  const header = [l10n.t('Priority'), l10n.t('Source'), l10n.t('Outcome'), l10n.t('Why')];
  return [`## ${l10n.t('How it is resolved')}`, '', ...alignColumns([header, ...rows])].join('\n');
}

function dialects({ l10n }: VscodeApi, comparison: DialectComparison): string {
  const rows = comparison.answers.map((answer) => [answer.dialect, answer.threadId ?? l10n.t('none'), answer.pattern ?? '']);
  const table = alignColumns([[l10n.t('Dialect'), l10n.t('Thread'), l10n.t('Pattern')], ...rows]);
  return [`## ${l10n.t('What each version of the backend makes of it')}`, '', ...table, '', comparison.diagnosis].join('\n');
}

function readings(api: VscodeApi, all: readonly ParsedRunId[], now: number): string {
  if (all.length === 0) return '';
  const { l10n } = api;
  const lines = [`## ${all.length === 1 ? l10n.t('What the ID holds') : l10n.t('Readings, most likely first')}`, ''];
  for (const { label, confidence, threadId, format, era, timestamp, suffix } of all) {
    const sure = Math.round(confidence * 100);
    const reading = threadId === undefined ? l10n.t('{0}, {1} % sure: does not name its thread', label, sure) : l10n.t('{0}, {1} % sure: {2}', label, sure, threadId);
    const details = [
      ...(timestamp === undefined ? [] : [l10n.t('minted {0}', minted(api, timestamp, now))]),
      l10n.t('format {0}', format),
      l10n.t('era {0}', era),
      ...(suffix === undefined ? [] : [l10n.t('suffix {0}', suffix)]),
    ];
    lines.push(`- ${reading}`, `  ${details.join(', ')}`);
  }
  const warnings = new Set(all.flatMap((reading) => reading.warnings.map((warning) => warning.message)));
  if (warnings.size > 0) lines.push('', ...[...warnings].map((message) => `- ${l10n.t('Note: {0}', message)}`));
  return lines.join('\n');
}

function minted(api: VscodeApi, timestamp: number, now: number): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? String(timestamp) : `${date.toISOString()} (${new Words(api).age(timestamp, now)})`;
}
