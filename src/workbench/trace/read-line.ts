import { clip } from '../../core/clip';
import { fieldOf, type LogMessage, recogniseLogMessage, redactText, unwrapLine } from '../../core/index';
import type { L10nApi } from '../vscode-api';
import type { TraceEntry } from './trace-entry';

/** Of a message, as the timeline keeps it. */
const LONGEST_TEXT = 300;
/** Looked at for secrets before it is shortened. */
const LOOKED_AT = 2000;
/** Lines looked back for a time. */
const LOOKED_BACK = 20;

const EVENT = /\b(?:agent_(?:started|thinking|completed|error|death|failed)|tool_(?:executing|completed)|progress_update)\b/;
const REACHED: ReadonlySet<string> = new Set(['emission-success']);
const LOST: ReadonlySet<string> = new Set(['emission-failed', 'emission-blocked', 'emission-exception', 'undeliverable', 'no-bridge']);

/** What a line of a log says, before it is set in time. */
export type ReadLine = Omit<TraceEntry, 'relation' | 'marks' | 'origin' | 'line' | 'deltaMs'>;

export interface LineFacts {
  readonly message: LogMessage | undefined;
  readonly entry: ReadLine;
}

/** Takes a line apart. `before` gives the lines before it, nearest first, for a line that has no time of its own. */
export function readLine({ l10n }: L10nApi, line: string, before: () => Iterable<string>): LineFacts {
  const text = line.replace(/^\uFEFF/, '');
  const message = recogniseLogMessage(text);
  const unwrapped = unwrapLine(text);
  const ownTime = message?.time ?? unwrapped.time;
  const wireType = unwrapped.wire?.['type'];
  const isWire = typeof wireType === 'string';
  const event = isWire ? EVENT.exec(wireType)?.[0] : eventOf(message);
  const shown = message === undefined ? unwrapped.view.text.slice(unwrapped.starts.at(-1) ?? 0, unwrapped.end) : message.text;
  const delivered = message === undefined || event === undefined ? undefined : REACHED.has(message.id) ? true : LOST.has(message.id) ? false : undefined;
  const level = message?.level ?? unwrapped.level;
  const runId = message?.runId?.value ?? textField(unwrapped.wire, 'run_id');
  const threadId = message?.threadId?.value ?? textField(unwrapped.wire, 'thread_id');
  return {
    message,
    entry: {
      time: ownTime ?? timeBefore(before()),
      hasOwnTime: ownTime !== undefined,
      kind: message?.id ?? (isWire ? 'wire' : 'line'),
      ...(level === undefined ? {} : { level }),
      what: message?.meaning ?? (isWire ? l10n.t('A {0} message of the WebSocket protocol.', wireType.slice(0, 60)) : ''),
      text: shorten(shown.trim() === '' ? text : shown),
      ...(event === undefined ? {} : { event }),
      ...(delivered === undefined ? {} : { delivered }),
      ...(runId === undefined ? {} : { runId }),
      ...(threadId === undefined ? {} : { threadId }),
      ...(message?.connectionId === undefined ? {} : { connectionId: message.connectionId.value }),
      ...(message?.userId === undefined ? {} : { userId: message.userId.value }),
    },
  };
}

/** A text without its secrets, on one line, not too long. */
export function shorten(text: string): string {
  const plain = redactText(text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text).replaceAll(/\s+/g, ' ').trim();
  return clip(plain, LONGEST_TEXT);
}

function eventOf(message: LogMessage | undefined): string | undefined {
  if (message === undefined || message.category !== 'emission') return undefined;
  const named = fieldOf(message, 'event_type')?.value;
  return EVENT.exec(named ?? message.text.slice(0, 400))?.[0];
}

function textField(fields: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value.length <= 512 ? value : undefined;
}

function timeBefore(lines: Iterable<string>): number | undefined {
  let looked = 0;
  for (const line of lines) {
    const { time } = unwrapLine(line);
    if (time !== undefined) return time;
    if (++looked >= LOOKED_BACK) return undefined;
  }
  return undefined;
}

