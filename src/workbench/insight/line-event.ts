import { diagnose, recogniseLogMessage, type Diagnosis, type FaultId, type FormatTable, type LiveState, type LogMessage } from '../../core/index';

/** What a log line tells. */
export interface LineEvent {
  /** Absent when the line is not the backend's, but shows a fault all the same. */
  readonly message: LogMessage | undefined;
  /** The leading diagnosis of this line. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Faults that only the rest of the log can show: one line lacks everything but itself. */
const NEED_THE_LOG: ReadonlySet<FaultId> = new Set<FaultId>(['missing-critical-events', 'guess-not-fact']);

/** Reads one line; undefined when it tells nothing. */
export function readLineEvent(line: string, live: LiveState | undefined, table?: FormatTable): LineEvent | undefined {
  const message = recogniseLogMessage(line);
  const [diagnosis] = diagnoseLine(line, live, table);
  return message === undefined && diagnosis === undefined ? undefined : { message, diagnosis };
}

/** The faults that one line shows by itself, the most explanatory first. */
export function diagnoseLine(line: string, live: LiveState | undefined, table?: FormatTable): Diagnosis[] {
  return diagnose({ line, live, table }).filter(({ id }) => !NEED_THE_LOG.has(id));
}
