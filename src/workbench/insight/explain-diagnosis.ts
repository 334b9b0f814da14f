import { clip } from '../../core/clip';
import { type Diagnosis, type Evidence, recogniseLogMessage, unwrapLine } from '../../core/index';
import { alignColumns } from '../documents/align-columns';
import { timeOfDay } from '../time-of-day';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';

const LONGEST_EVIDENCE = 240;

/**
 * One diagnosis to be read: what, expected and received, why, what to do, where it shows.
 * @param listed threads with a similar name that are listed elsewhere
 */
export function diagnosisBlocks(api: VscodeApi, diagnosis: Diagnosis, source: string | undefined, listed: readonly string[] = []): string[] {
  return [
    diagnosis.verdict,
    expectation(api, diagnosis),
    api.l10n.t('Why: {0}', diagnosis.cause),
    actions(api, diagnosis),
    nearMisses(api, diagnosis, listed),
    evidence(api, diagnosis, source),
    standing(api, diagnosis),
  ].filter((block) => block !== '');
}

function expectation({ l10n }: VscodeApi, { expected, received }: Diagnosis): string {
  // What came is no news where nothing else was expected: the verdict names it.
  if (expected === undefined) return '';
  const rows = [[l10n.t('Expected:'), expected]];
  if (received !== undefined) rows.push([l10n.t('Received:'), received === '' ? l10n.t('(nothing)') : received]);
  return alignColumns(rows).join('\n');
}

function actions({ l10n }: VscodeApi, { actions: all }: Diagnosis): string {
  const [first] = all;
  if (!first) return '';
  if (all.length === 1) return l10n.t('What to do: {0}', first.text);
  return [l10n.t('What to do:'), '', ...all.map(({ text }, index) => `${index + 1}. ${text}`)].join('\n');
}

/** Those that the verdict and the expectation do not name already. */
function nearMisses(api: VscodeApi, { nearMisses: all, verdict, expected }: Diagnosis, listed: readonly string[]): string {
  const unnamed = all.filter(({ threadId }) => threadId !== expected && !verdict.includes(threadId) && !listed.includes(threadId));
  if (unnamed.length === 0) return '';
  const words = new Words(api);
  const rows = unnamed.map((miss) => [`- ${miss.threadId}`, miss.why, words.connections(miss.connections)]);
  return [api.l10n.t('Threads with a similar name that somebody listens on:'), '', ...alignColumns(rows)].join('\n');
}

function evidence(api: VscodeApi, { evidence: places, count: times }: Diagnosis, source: string | undefined): string {
  const { l10n } = api;
  // A single line that was given is at hand; it proves nothing to show it again.
  if (places.length === 0 || (source === undefined && places.length === 1)) return '';
  const rows = places.map((place) => [`- ${placeOf(api, place, source)}`, place.time === undefined ? '' : timeOfDay(place.time), shown(place)]);
  const seen = times > places.length ? l10n.t('Seen {0} times, first at:', times) : l10n.t('Shown by:');
  return [seen, '', ...alignColumns(rows)].join('\n');
}

function placeOf({ l10n }: VscodeApi, { line }: Evidence, source: string | undefined): string {
  if (line === undefined) return l10n.t('line');
  return source === undefined ? l10n.t('line {0}', line) : `${source}:${line}`;
}

/** The message without its containers. */
function shown({ text }: Evidence): string {
  const message = recogniseLogMessage(text)?.text ?? withoutContainers(text);
  return clip(message, LONGEST_EVIDENCE);
}

function withoutContainers(text: string): string {
  const { view, starts, end, wire } = unwrapLine(text);
  const inner = wire === undefined ? view.text.slice(starts.at(-1) ?? 0, end).trim() : '';
  return inner === '' ? text.trim() : inner;
}

function standing({ l10n }: VscodeApi, { id, catalogue, severity, confidence, inferred, noise }: Diagnosis): string {
  const name = catalogue.length === 0 ? id : `${id} (${catalogue.join(', ')})`;
  const severities = { error: l10n.t('error'), warning: l10n.t('warning'), information: l10n.t('information') };
  const grade = noise ? l10n.t('noise') : severities[severity];
  const sure = Math.round(confidence * 100);
  return inferred ? l10n.t('Known as {0}: {1}, {2} % sure, inferred from the lines of the log.', name, grade, sure) : l10n.t('Known as {0}: {1}, {2} % sure.', name, grade, sure);
}
