import type { LogCategory } from './extra-shapes';
import type { LogLevel, LogSource } from './log-container';

export type { LogCategory } from './extra-shapes';
export type { LogLevel, LogSource } from './log-container';

/** A field of a recognised message. Offsets count UTF-16 units in the original line. */
export interface LogField {
  /** The field's name in the shape, e.g. `run_id`, `agent_name`. */
  readonly name: string;
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

/** A log line that the backend under debug is known to write. */
export interface LogMessage {
  /** What the line is about, e.g. `no-connections-for-thread`; made from the shape's words where no kind is known. */
  readonly id: string;
  /** The wording, fields as `<name>`. */
  readonly shape: string;
  readonly category: LogCategory;
  /** As the line says, else the usual level of the shape. */
  readonly level: LogLevel;
  /** Milliseconds since 1970; a stamp without a zone is read as UTC. */
  readonly time?: number;
  readonly source?: LogSource;
  /** The message without its container and decoration. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly fields: readonly LogField[];
  readonly runId?: LogField;
  readonly threadId?: LogField;
  readonly connectionId?: LogField;
  readonly userId?: LogField;
  /** False when the line has only the beginning of the shape: it is cut off or goes on differently. */
  readonly complete: boolean;
  /** True for lines that look like a fault and are none. */
  readonly noise: boolean;
  /** One sentence; present for the lines that matter. */
  readonly meaning?: string;
}

/** The first field with this name. */
export function fieldOf(message: LogMessage, name: string): LogField | undefined {
  return message.fields.find((field) => field.name === name);
}

/** A field that holds a whole number, or undefined. */
export function numberOf(message: LogMessage, name: string): number | undefined {
  const value = fieldOf(message, name)?.value;
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
