import type { Dialect } from '../resolution/resolution';
import { DIALECTS, extractThreadId } from './extract-thread-id';
import { pythonStrip } from './python-text';
import { RUN_SEPARATOR } from './thread-id';

/** What one dialect makes of an ID. */
export interface DialectAnswer {
  readonly dialect: Dialect;
  /** Undefined when it finds no thread. */
  readonly threadId: string | undefined;
  readonly pattern: string | undefined;
}

/** A kind of disagreement between dialects. `composite-as-thread` is the founding failure (DOMAIN 5). */
export type DisagreementCode = 'composite-as-thread' | 'refused-by-some' | 'different-threads';

/** What the dialects make of one ID, side by side. */
export interface DialectComparison {
  readonly runId: string;
  /** In the order in which the systems ran. */
  readonly answers: readonly DialectAnswer[];
  readonly agree: boolean;
  /** The dialects whose answer is not that of `fix`. */
  readonly dissenting: readonly Dialect[];
  readonly code?: DisagreementCode;
  /** One sentence: what the disagreement means, or that there is none. */
  readonly diagnosis: string;
}

function names(dialects: readonly Dialect[]): string {
  const last = dialects.at(-1) ?? '';
  return dialects.length > 1 ? `${dialects.slice(0, -1).join(', ')} and ${last}` : last;
}

function routes(answers: readonly DialectAnswer[], threadId: string | undefined): string {
  const s = answers.length === 1 ? 's' : '';
  const who = names(answers.map((answer) => answer.dialect));
  return threadId === undefined ? `${who} find${s} no thread` : `${who} route${s} to ${threadId}`;
}

function describe(answers: readonly DialectAnswer[]): string {
  const byThread = new Map<string | undefined, DialectAnswer[]>();
  for (const answer of answers) byThread.set(answer.threadId, [...(byThread.get(answer.threadId) ?? []), answer]);
  return [...byThread].map(([threadId, group]) => routes(group, threadId)).join('; ');
}

function diagnose(runId: string, answers: readonly DialectAnswer[]): { code?: DisagreementCode; diagnosis: string } {
  const threads = new Set(answers.map((answer) => answer.threadId));
  const [only] = threads;
  if (threads.size === 1) {
    return { diagnosis: only === undefined ? 'No dialect finds a thread in this ID: only a registry can know it.' : `All dialects route to ${only}.` };
  }
  const keepers = answers.filter((answer) => answer.threadId === runId && runId.includes(RUN_SEPARATOR));
  const others = answers.filter((answer) => !keepers.includes(answer));
  if (keepers.length > 0) {
    return {
      code: 'composite-as-thread',
      diagnosis: `${names(keepers.map((answer) => answer.dialect))} keep the whole composite ID as the thread key; ${describe(others)}: this is the founding failure.`,
    };
  }
  const code = threads.has(undefined) ? 'refused-by-some' : 'different-threads';
  const consequence =
    code === 'refused-by-some'
      ? 'an event that reaches its thread on one build is undeliverable on another'
      : 'the same event goes to different threads on different builds';
  return { code, diagnosis: `${describe(answers)}: ${consequence}.` };
}

/**
 * Who extracts what from `runId`, who disagrees, and what that means. When dialects disagree on an ID, that disagreement is
 * the diagnosis (DOMAIN 2). Never throws.
 */
export function compareDialects(runId: string): DialectComparison {
  const stripped = typeof runId === 'string' ? pythonStrip(runId) : '';
  const answers = DIALECTS.map((dialect): DialectAnswer => {
    const extraction = extractThreadId(stripped, dialect);
    return { dialect, threadId: extraction?.threadId, pattern: extraction?.pattern };
  });
  const reference = answers.find((answer) => answer.dialect === 'fix')?.threadId;
  const dissenting = answers.filter((answer) => answer.threadId !== reference).map((answer) => answer.dialect);
  return { runId: stripped, answers, agree: dissenting.length === 0, dissenting, ...diagnose(stripped, answers) };
}
