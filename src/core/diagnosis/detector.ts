import { clip } from '../clip';
import type { Evidence } from './diagnosis';
import type { Findings } from './findings';
import type { LogField, LogMessage } from './log-message';
import type { RoutingState } from './routing-state';

/** What detectors share: the state put together so far, and where they report. */
export interface Scene {
  readonly state: RoutingState;
  readonly findings: Findings;
  /** The state comes from the lines of a log and not from somebody who knows. */
  readonly inferred: boolean;
  /** What is live now; stands in while the lines have told of no connection. */
  readonly live?: RoutingState;
}

/** A recognised line. */
export interface Sighting {
  readonly message: LogMessage;
  readonly line: number | undefined;
  readonly text: string;
}

const LONGEST_TEXT = 500;

/** The place of a sighting as evidence; of one field of it, or of the whole message. */
export function evidenceOf(sighting: Sighting, field?: LogField): Evidence {
  const { message, line, text } = sighting;
  return {
    ...(line === undefined ? {} : { line }),
    text: clip(text, LONGEST_TEXT),
    offset: field?.offset ?? message.offset,
    length: field?.length ?? message.length,
    ...(message.time === undefined ? {} : { time: message.time }),
  };
}

/** Looks at every recognised line in order and reports the faults of one theme. */
export interface Detector {
  observe(sighting: Sighting): void;
  /** The log is over: whatever was waited for will not come. */
  finish?(lastTime: number | undefined): void;
}
