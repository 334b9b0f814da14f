import type * as vscode from 'vscode';
import type { ParsedRunId, ResolutionStep } from '../../core/index';
import { COMMANDS } from '../commands';
import type { RouteAnswer } from '../live/live-answer';
import { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import { writeVerdict } from './verdict';

const OUTCOME_ICONS: Record<ResolutionStep['outcome'], string> = {
  hit: 'pass-filled',
  miss: 'circle-slash',
  invalid: 'warning',
  skipped: 'debug-step-over',
  failed: 'error',
};

/** The hover on an ID: verdict, fields, warnings, actions, steps. */
export function hoverCard(
  api: VscodeApi,
  reading: ParsedRunId,
  readings: readonly ParsedRunId[],
  route: RouteAnswer,
  now: number,
): vscode.MarkdownString {
  const text = new MarkdownText(api);
  writeVerdict(text, api, reading, route);
  text.paragraph();
  writeFields(text, api, reading, readings, now);
  writeWarnings(text, reading);
  writeActions(text, api, reading, route);
  writeSteps(text, api, route);
  return text.markdown;
}

function writeFields(
  text: MarkdownText,
  api: VscodeApi,
  reading: ParsedRunId,
  readings: readonly ParsedRunId[],
  now: number,
): void {
  const { l10n } = api;
  if (reading.threadId !== undefined) text.field(l10n.t('Thread'), reading.threadId);
  if (reading.timestamp !== undefined) {
    const age = new Words(api).age(reading.timestamp, now);
    text.text(`${l10n.t('Minted')}: `).code(isoTime(reading.timestamp)).text(` (${age})`).raw('  \n');
  }
  if (reading.suffix !== undefined) text.field(l10n.t('Suffix'), reading.suffix);
  text.text(`${l10n.t('Format')}: `).code(reading.format).text(` · ${sureness(api, reading.confidence)}`).raw('  \n');
  const others = readings.filter((other) => other.format !== reading.format && other.threadId !== reading.threadId);
  if (others.length > 0) {
    text.text(`${l10n.t('Could also be')}: `);
    for (const [index, other] of others.slice(0, 3).entries()) {
      if (index > 0) text.text('; ');
      text.text(other.label);
      if (other.threadId !== undefined) text.text(' → ').code(other.threadId);
    }
    text.raw('  \n');
  }
}

function sureness(api: VscodeApi, confidence: number): string {
  const { l10n } = api;
  if (confidence >= 0.9) return l10n.t('certain');
  if (confidence >= 0.6) return l10n.t('likely');
  return l10n.t('a guess');
}

function writeWarnings(text: MarkdownText, reading: ParsedRunId): void {
  for (const warning of reading.warnings) text.raw('\n$(warning) ').text(warning.message).raw('  \n');
}

/** Steps that had nothing to ask share a line: they say little and would push the others out of sight. */
function writeSteps(text: MarkdownText, api: VscodeApi, route: RouteAnswer): void {
  const { steps } = route.answer;
  if (steps.length === 0) return;
  text.raw('\n\n---\n\n').bold(api.l10n.t('How it is resolved')).raw('  \n');
  const skipped = steps.filter((step) => step.outcome === 'skipped');
  if (skipped.length > 0) {
    const names = skipped.map((step) => `${step.priority} ${step.name}`).join(', ');
    text.raw(`$(${OUTCOME_ICONS.skipped}) `).text(api.l10n.t('Not there to ask: {0}', names)).raw('  \n');
  }
  for (const step of steps) {
    if (step.outcome === 'skipped') continue;
    text.raw(`$(${OUTCOME_ICONS[step.outcome]}) ${step.priority} `).text(`${step.name}: ${step.reason}`).raw('  \n');
  }
}

function writeActions(text: MarkdownText, api: VscodeApi, reading: ParsedRunId, route: RouteAnswer): void {
  const { l10n } = api;
  text.raw('\n');
  text.command(`$(question) ${l10n.t('Explain')}`, COMMANDS.explainRouting, [reading.text]);
  if (route.kind === 'live') {
    text.raw(' · ').command(`$(send) ${l10n.t('Simulate Delivery')}`, COMMANDS.simulateDelivery, [simulateTarget(reading)]);
  } else {
    text.raw(' · ').command(`$(play) ${l10n.t('Start Router')}`, COMMANDS.routerStart, []);
  }
  const copied = route.answer.threadId ?? reading.text;
  text.raw(' · ').command(`$(copy) ${l10n.t('Copy Thread ID')}`, COMMANDS.copyId, [copied]);
}

function simulateTarget(reading: ParsedRunId): { runId?: string; threadId?: string } {
  return reading.kind === 'thread' ? { threadId: reading.text } : { runId: reading.text };
}

/** ISO 8601 in UTC; the number itself when it is no time that can be written so. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
