import { describeValue } from '../core/errors';
import type { FrameDirection } from './inspection';

/** Which frames a tap holds: those of the direction that fit everything else that is named. */
export interface BreakpointRule {
  /** `in`: from the client to the backend; `out`: from the backend to the client. */
  readonly direction: FrameDirection;
  readonly type?: string;
  /** That the message names, or that its connection is on. */
  readonly threadId?: string;
  readonly runId?: string;
  /** Plain text that stands in the body, case and all. */
  readonly text?: string;
}

export interface BreakpointInfo extends BreakpointRule {
  readonly id: number;
  readonly enabled: boolean;
  /** Frames it has held. */
  readonly hits: number;
}

/** A frame that waits for a decision; later frames of its connection and direction wait behind it. */
export interface HeldFrame {
  readonly id: number;
  readonly breakpointId: number;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly direction: FrameDirection;
  readonly connectionId: string;
  readonly type?: string;
  readonly threadId?: string;
  readonly runId?: string;
  readonly bytes: number;
  readonly binary?: boolean;
  /** When it goes on by itself, in milliseconds since 1970; it waits without end when missing. */
  readonly releaseAt?: number;
}

/** Longest text of a rule, in UTF-16 units. */
const LONGEST_RULE_TEXT = 1_000;

/** What is wrong with a rule, undefined when it can be used. */
export function ruleProblem(rule: object): string | undefined {
  const { direction, ...texts } = rule as Readonly<Record<string, unknown>>;
  if (direction !== 'in' && direction !== 'out') return `expected "in" or "out" in "direction", received ${describeValue(direction)}`;
  for (const name of ['type', 'threadId', 'runId', 'text'] as const) {
    const value = texts[name];
    if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > LONGEST_RULE_TEXT)) {
      return `expected a text of 1 to ${LONGEST_RULE_TEXT} characters in "${name}"`;
    }
  }
  return undefined;
}
