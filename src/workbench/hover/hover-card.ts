import { compareDialects, type ParsedRunId } from '../../core/index';
import type { RouteAnswer } from '../live/live-answer';
import { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import { writeVerdict } from './verdict';

/** The hover on an ID: verdict, fields, how it is resolved, where versions disagree, warnings. Steps are for the explanation. */
export function idCard(
  api: VscodeApi,
  reading: ParsedRunId,
  readings: readonly ParsedRunId[],
  route: RouteAnswer,
  now: number,
): MarkdownText {
  const text = new MarkdownText(api);
  writeVerdict(text, api, reading, route);
  text.paragraph();
  writeFields(text, api, reading, route, now);
  writeResolution(text, api, route);
  writeDisagreement(text, api, reading);
  writeOtherReadings(text, api, reading, readings);
  for (const warning of reading.warnings) text.raw('$(warning) ').text(warning.message).raw('  \n');
  return text;
}

/** What the ID holds, on one line. */
function writeFields(text: MarkdownText, api: VscodeApi, reading: ParsedRunId, route: RouteAnswer, now: number): void {
  const { l10n } = api;
  const { threadId, timestamp, suffix } = reading;
  if (threadId !== undefined && threadId !== route.answer.threadId) text.text(`${l10n.t('Thread')}: `).code(threadId).text(' · ');
  if (timestamp !== undefined) {
    text.text(`${l10n.t('Minted')}: `).code(isoTime(timestamp)).text(` (${new Words(api).age(timestamp, now)}) · `);
  }
  if (suffix !== undefined) text.text(`${l10n.t('Suffix')}: `).code(suffix).text(' · ');
  text.text(`${l10n.t('Format')}: `).code(reading.format).text(`, ${sureness(api, reading.confidence)}`).raw('  \n');
}

function sureness(api: VscodeApi, confidence: number): string {
  const { l10n } = api;
  if (confidence >= 0.9) return l10n.t('certain');
  if (confidence >= 0.6) return l10n.t('likely');
  return l10n.t('a guess');
}

/** One line: which step of the chain answers. */
function writeResolution(text: MarkdownText, api: VscodeApi, { answer }: RouteAnswer): void {
  const { l10n } = api;
  const step = answer.steps.find(({ outcome }) => outcome === 'hit');
  if (!step) return;
  const name = step.name.toLowerCase();
  const line = step.pattern === undefined ? l10n.t('Resolved by {0}', name) : l10n.t('Resolved by {0}, pattern {1}', name, step.pattern);
  text.text(line).raw('  \n');
}

function writeDisagreement(text: MarkdownText, api: VscodeApi, reading: ParsedRunId): void {
  if (reading.kind !== 'run') return;
  const { agree, diagnosis } = compareDialects(reading.text);
  if (!agree) text.text(`${api.l10n.t('Versions disagree')}: ${diagnosis}`).raw('  \n');
}

function writeOtherReadings(text: MarkdownText, api: VscodeApi, reading: ParsedRunId, readings: readonly ParsedRunId[]): void {
  const others = readings.filter((other) => other.format !== reading.format && other.threadId !== reading.threadId);
  if (others.length === 0) return;
  text.text(`${api.l10n.t('Could also be')}: `);
  for (const [index, other] of others.slice(0, 3).entries()) {
    if (index > 0) text.text('; ');
    text.text(other.label);
    if (other.threadId !== undefined) text.text(' → ').code(other.threadId);
  }
  text.raw('  \n');
}

/** ISO 8601 in UTC; the number itself when it is no time that can be written so. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
