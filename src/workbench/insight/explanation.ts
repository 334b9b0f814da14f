import { recogniseLogMessage, type Diagnosis } from '../../core/index';
import { showInvisible } from '../markdown-text';
import { diagnosisBlocks } from './explain-diagnosis';
import { idSections, idVerdict } from './explain-id';
import type { ExplanationFacts } from './explanation-facts';

/** Diagnoses told in full; the others are named. */
const MOST_TOLD = 12;

/**
 * The Explain document: verdict, diagnoses, then what is known of the ID: live state, the trace, what each dialect would
 * do, readings. It is Markdown that is meant to be read as text, so columns are aligned and nothing is escaped.
 */
export function renderExplanation(facts: ExplanationFacts): string {
  const { about, now } = facts;
  // That versions disagree has a section of its own.
  const told = facts.diagnoses.filter(({ id }) => id !== 'dialects-disagree');
  const sections = [
    ...opening(facts, told),
    ...further(told, facts),
    ...(about === undefined ? [] : [...idHeading(facts), ...idSections(about, now)]),
  ];
  return `${showLines(sections.filter((section) => section !== '').join('\n\n'))}\n`;
}

/** An ID is told first by its own verdict; log lines by what failed. */
function opening({ about, lines, source, firstLine }: ExplanationFacts, told: readonly Diagnosis[]): string[] {
  if (lines === undefined && about !== undefined) return [`# ${about.id}`, idVerdict(about)];
  const [leading] = told;
  if (leading) return [`# ${leading.title}`, ...diagnosisBlocks(leading, source, listedBelow(about))];
  return ['# No fault recognised', ...meanings(lines ?? [], source, firstLine)];
}

function further(told: readonly Diagnosis[], { lines, about, source }: ExplanationFacts): string[] {
  const isLine = lines !== undefined || about === undefined;
  const rest = told.slice(isLine ? 1 : 0);
  const headings = rest.slice(0, MOST_TOLD).map((diagnosis) => {
    const word = diagnosis.noise ? 'Noise: ' : isLine ? 'Also: ' : '';
    return [`## ${word}${diagnosis.title}`, ...diagnosisBlocks(diagnosis, source, listedBelow(about))].join('\n\n');
  });
  const untold = rest.slice(MOST_TOLD);
  if (untold.length > 0) headings.push(['## And', '', ...untold.map(({ title, verdict }) => `- ${title}: ${verdict}`)].join('\n'));
  return headings;
}

/** The near misses that the live state lists. */
function listedBelow(about: ExplanationFacts['about']): string[] {
  return about?.route.kind === 'live' ? about.route.answer.nearMisses.map((miss) => miss.thread_id) : [];
}

function idHeading({ about, lines }: ExplanationFacts): string[] {
  return about === undefined || lines === undefined ? [] : [`## The ID ${about.id}`, idVerdict(about)];
}

/** What lines say in which nothing is wrong. */
function meanings(lines: readonly string[], source: string | undefined, firstLine: number): string[] {
  const known = lines.flatMap((line, index) => {
    const message = recogniseLogMessage(line);
    const place = source === undefined ? '' : `${source}:${firstLine + index} `;
    return message === undefined ? [] : [`- ${place}${message.text}${message.meaning === undefined ? '' : `\n  ${message.meaning}`}`];
  });
  if (known.length === 0) return ['None of the messages that are known of the backend.'];
  return ['What the lines say, none of which shows a fault by itself:', known.slice(0, 50).join('\n')];
}

/** IDs may hold anything; line breaks of our own stay. */
function showLines(text: string): string {
  return text.split('\n').map(showInvisible).join('\n');
}
