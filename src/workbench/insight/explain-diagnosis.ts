import { recogniseLogMessage, type Diagnosis, type Evidence } from '../../core/index';
import { alignColumns } from '../documents/align-columns';
import { count } from './explain-id';

const LONGEST_EVIDENCE = 240;

/**
 * One diagnosis to be read: what, expected and received, why, what to do, where it shows.
 * @param listed threads with a similar name that are listed elsewhere
 */
export function diagnosisBlocks(diagnosis: Diagnosis, source: string | undefined, listed: readonly string[] = []): string[] {
  return [
    diagnosis.verdict,
    expectation(diagnosis),
    `Why: ${diagnosis.cause}`,
    actions(diagnosis),
    nearMisses(diagnosis, listed),
    evidence(diagnosis, source),
    standing(diagnosis),
  ].filter((block) => block !== '');
}

function expectation({ expected, received }: Diagnosis): string {
  // What came is no news where nothing else was expected: the verdict names it.
  if (expected === undefined) return '';
  const rows = [['Expected:', expected]];
  if (received !== undefined) rows.push(['Received:', received === '' ? '(nothing)' : received]);
  return alignColumns(rows).join('\n');
}

function actions({ actions: all }: Diagnosis): string {
  if (all.length === 0) return '';
  if (all.length === 1) return `What to do: ${all[0]?.text ?? ''}`;
  return ['What to do:', '', ...all.map(({ text }, index) => `${index + 1}. ${text}`)].join('\n');
}

/** Those that the verdict and the expectation do not name already. */
function nearMisses({ nearMisses: all, verdict, expected }: Diagnosis, listed: readonly string[]): string {
  const unnamed = all.filter(({ threadId }) => threadId !== expected && !verdict.includes(threadId) && !listed.includes(threadId));
  if (unnamed.length === 0) return '';
  const rows = unnamed.map((miss) => [`- ${miss.threadId}`, miss.why, count(miss.connections, 'connection')]);
  return ['Threads with a similar name that somebody listens on:', '', ...alignColumns(rows)].join('\n');
}

function evidence({ evidence: places, count: times }: Diagnosis, source: string | undefined): string {
  // A single line that was given is at hand; it proves nothing to show it again.
  if (places.length === 0 || (source === undefined && places.length === 1)) return '';
  const rows = places.map((place) => [`- ${placeOf(place, source)}`, timeOf(place), shown(place)]);
  const seen = times > places.length ? `Seen ${times} times, first at:` : 'Shown by:';
  return [seen, '', ...alignColumns(rows)].join('\n');
}

function placeOf({ line }: Evidence, source: string | undefined): string {
  if (line === undefined) return 'line';
  return source === undefined ? `line ${line}` : `${source}:${line}`;
}

function timeOf({ time }: Evidence): string {
  return time === undefined ? '' : new Date(time).toISOString().slice(11, 23);
}

/** The message without its containers. */
function shown({ text }: Evidence): string {
  const message = recogniseLogMessage(text)?.text ?? text.trim();
  return message.length > LONGEST_EVIDENCE ? `${message.slice(0, LONGEST_EVIDENCE)}…` : message;
}

function standing({ id, catalogue, severity, confidence, inferred, noise }: Diagnosis): string {
  const rows = catalogue.length === 0 ? '' : ` (${catalogue.join(', ')})`;
  const how = inferred ? ', inferred from the lines of the log' : '';
  return `Known as ${id}${rows}: ${noise ? 'noise' : severity}, ${Math.round(confidence * 100)} % sure${how}.`;
}
