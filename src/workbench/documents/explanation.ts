import type { DialectComparison, ParsedRunId } from '../../core/index';
import type { RouteAnswer } from '../live/live-answer';
import { inlineCode } from '../markdown-text';
import { duration } from '../words';

/** Everything an explanation is made of. */
export interface ExplanationFacts {
  readonly id: string;
  readonly readings: readonly ParsedRunId[];
  readonly dialects: DialectComparison;
  readonly route: RouteAnswer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const OUTCOME_WORDS = { hit: 'found', miss: 'no answer', invalid: 'unusable answer', skipped: 'not asked', failed: 'failed' } as const;

/** The Explain document, as Markdown: verdict, live state, readings, the trace, what each dialect would do. */
export function renderExplanation(facts: ExplanationFacts): string {
  return [
    `# Routing of ${inlineCode(facts.id)}`,
    verdict(facts),
    live(facts.route),
    readings(facts),
    trace(facts.route),
    dialects(facts.dialects),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

function verdict({ readings: [best], route }: ExplanationFacts): string {
  const what = best ? `**${best.label}.**` : '**No known kind of ID.**';
  const { threadId } = route.answer;
  if (threadId === undefined) return `${what} Routes nowhere. ${escapeText(route.answer.error ?? '')}`.trimEnd();
  return `${what} Routes to ${inlineCode(threadId)}.`;
}

function live(route: RouteAnswer): string {
  const heading = '## Live state\n\n';
  if (route.kind === 'from-id') {
    const why = route.why === 'not-running' ? 'No router is running' : 'The router did not answer in time';
    return `${heading}${why}, so this is what the ID alone says.`;
  }
  const { answer } = route;
  const lines: string[] = [];
  if (answer.connections > 0) lines.push(`${answer.connections} open connection(s) would receive an event now:`);
  else lines.push('Nobody is connected to this thread, so an event would not arrive now.');
  for (const id of answer.connectionIds) lines.push(`- ${inlineCode(id)}`);
  if (answer.connections > answer.connectionIds.length) lines.push(`- and ${answer.connections - answer.connectionIds.length} more`);
  if (answer.waiting > 0) lines.push('', `${answer.waiting} event(s) wait for a connection.`);
  if (answer.nearMisses.length > 0) {
    lines.push('', 'Live threads with a similar name:', '');
    for (const miss of answer.nearMisses) {
      lines.push(`- ${inlineCode(miss.thread_id)}: ${escapeText(miss.why)}, ${miss.connections} connection(s)`);
    }
  }
  return heading + lines.join('\n');
}

function readings({ readings: all, now }: ExplanationFacts): string {
  if (all.length === 0) return '';
  const lines = ['## Readings', '', '| Reading | Thread | Minted (UTC) | Suffix | Format | Era | Sure |', '|---|---|---|---|---|---|---|'];
  for (const reading of all) {
    const cells = [
      escapeText(reading.label),
      reading.threadId === undefined ? 'not in the ID' : tableCode(reading.threadId),
      reading.timestamp === undefined ? '' : minted(reading.timestamp, now),
      reading.suffix === undefined ? '' : tableCode(reading.suffix),
      tableCode(reading.format),
      escapeText(reading.era),
      `${Math.round(reading.confidence * 100)} %`,
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  const warnings = new Set(all.flatMap((reading) => reading.warnings.map((warning) => warning.message)));
  if (warnings.size > 0) lines.push('', ...[...warnings].map((message) => `- ⚠ ${escapeText(message)}`));
  return lines.join('\n');
}

function minted(timestamp: number, now: number): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return String(timestamp);
  const age = duration(Math.abs(now - timestamp));
  return `${date.toISOString()} (${timestamp <= now ? `${age} ago` : `in ${age}`})`;
}

function trace({ answer }: RouteAnswer): string {
  if (answer.steps.length === 0) return '';
  const lines = ['## How it is resolved', '', '| Priority | Asked | Outcome | Why |', '|---|---|---|---|'];
  for (const step of answer.steps) {
    lines.push(`| ${step.priority} | ${escapeText(step.name)} | ${OUTCOME_WORDS[step.outcome]} | ${escapeText(step.reason)} |`);
  }
  return lines.join('\n');
}

function dialects(comparison: DialectComparison): string {
  const lines = ['## What each version of the backend makes of it', '', '| Dialect | Thread |', '|---|---|'];
  for (const answer of comparison.answers) {
    lines.push(`| ${tableCode(answer.dialect)} | ${answer.threadId === undefined ? 'none' : tableCode(answer.threadId)} |`);
  }
  lines.push('', escapeText(comparison.diagnosis));
  return lines.join('\n');
}

/** Inside a table, GFM splits cells at `|` even in code, unless it is escaped. */
function tableCode(text: string): string {
  return inlineCode(text).replaceAll('|', '\\|');
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
