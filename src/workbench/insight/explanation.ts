import { recogniseLogMessage, type Diagnosis } from '../../core/index';
import { shownText } from '../documents/shown-text';
import type { VscodeApi } from '../vscode-api';
import { diagnosisBlocks } from './explain-diagnosis';
import { idSections, idVerdict } from './explain-id';
import type { ExplanationFacts } from './explanation-facts';

/** Diagnoses told in full; the others are named. */
const MOST_TOLD = 12;

/**
 * The Explain document: verdict, diagnoses, then what is known of the ID: live state, the trace, what each dialect would
 * do, readings. It is Markdown that is meant to be read as text, so columns are aligned and nothing is escaped.
 */
export function renderExplanation(api: VscodeApi, facts: ExplanationFacts): string {
  const { about, now } = facts;
  // That versions disagree has a section of its own.
  const told = facts.diagnoses.filter(({ id }) => id !== 'dialects-disagree');
  const sections = [
    ...opening(api, facts, told),
    ...further(api, facts, told),
    ...(about === undefined ? [] : [...idHeading(api, facts), ...idSections(api, about, now)]),
  ];
  return `${shownText(sections.filter((section) => section !== '').join('\n\n'))}\n`;
}

/** An ID is told first by its own verdict; log lines by what failed. */
function opening(api: VscodeApi, { about, lines, source, firstLine }: ExplanationFacts, told: readonly Diagnosis[]): string[] {
  if (lines === undefined && about !== undefined) return [`# ${about.id}`, idVerdict(api, about)];
  const [leading] = told;
  if (leading) return [`# ${leading.title}`, ...diagnosisBlocks(api, leading, source, listedBelow(about))];
  return [`# ${api.l10n.t('No fault recognised')}`, ...meanings(api, lines ?? [], source, firstLine)];
}

function further(api: VscodeApi, { lines, about, source }: ExplanationFacts, told: readonly Diagnosis[]): string[] {
  const { l10n } = api;
  const isLine = lines !== undefined || about === undefined;
  const rest = told.slice(isLine ? 1 : 0);
  const headings = rest.slice(0, MOST_TOLD).map((diagnosis) => {
    const { title, noise } = diagnosis;
    const heading = noise ? l10n.t('Noise: {0}', title) : isLine ? l10n.t('Also: {0}', title) : title;
    return [`## ${heading}`, ...diagnosisBlocks(api, diagnosis, source, listedBelow(about))].join('\n\n');
  });
  const untold = rest.slice(MOST_TOLD);
  if (untold.length > 0) headings.push([`## ${l10n.t('And')}`, '', ...untold.map(({ title, verdict }) => `- ${title}: ${verdict}`)].join('\n'));
  return headings;
}

/** The near misses that the live state lists. */
function listedBelow(about: ExplanationFacts['about']): string[] {
  return about?.route.kind === 'live' ? about.route.answer.nearMisses.map((miss) => miss.thread_id) : [];
}

function idHeading(api: VscodeApi, { about, lines }: ExplanationFacts): string[] {
  return about === undefined || lines === undefined ? [] : [`## ${api.l10n.t('The ID {0}', about.id)}`, idVerdict(api, about)];
}

/** What lines say in which nothing is wrong. */
function meanings({ l10n }: VscodeApi, lines: readonly string[], source: string | undefined, firstLine: number): string[] {
  const known = lines.flatMap((line, index) => {
    const message = recogniseLogMessage(line);
    const place = source === undefined ? '' : `${source}:${firstLine + index} `;
    return message === undefined ? [] : [`- ${place}${message.text}${message.meaning === undefined ? '' : `\n  ${message.meaning}`}`];
  });
  if (known.length === 0) return [l10n.t('None of the messages that are known of the backend.')];
  return [l10n.t('What the lines say, none of which shows a fault by itself:'), known.slice(0, 50).join('\n')];
}
