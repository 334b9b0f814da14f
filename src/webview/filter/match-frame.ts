import type { FrameInfo } from '../../protocol/inspection';
import { fateOf } from '../frames/fate';
import { isHeartbeat } from '../frames/heartbeat';
import type { FilterTerm, FrameFilter } from './parse-filter';

/** Longest part of one ID that a regular expression sees: it bounds what a bad one costs. */
const MAX_MATCHED = 300;

/** What the filter row asks beside the text of its box; an empty string stands for "any". */
export interface FilterChoices {
  readonly direction: string;
  readonly outcome: string;
  readonly type: string;
  readonly hideHeartbeats: boolean;
}

/** A term that bodies are searched for, too. */
export type BodyTerm = Exclude<FilterTerm, { kind: 'field' }>;

/** Whether the router found a term in the body of the frame with this number. */
export type BodyMatches = (term: BodyTerm, seq: number) => boolean;

/** The test for one filter. Words and patterns hold when a column has them, or the body. */
export function frameTest(filter: FrameFilter, choices: FilterChoices, bodyMatches: BodyMatches): (frame: FrameInfo) => boolean {
  const { direction, outcome, type, hideHeartbeats } = choices;
  return (frame) => {
    if (direction !== '' && frame.direction !== direction) return false;
    if (outcome !== '' && fateOf(frame) !== outcome) return false;
    if (type !== '' && frame.type !== type) return false;
    if (hideHeartbeats && isHeartbeat(frame)) return false;
    return filter.terms.every((term) => holds(term, frame, bodyMatches) !== term.not);
  };
}

/** The terms that bodies are to be searched for. */
export function bodyTerms(filter: FrameFilter): BodyTerm[] {
  return filter.terms.filter((term) => term.kind !== 'field');
}

function holds(term: FilterTerm, frame: FrameInfo, bodyMatches: BodyMatches): boolean {
  switch (term.kind) {
    case 'text':
      return columns(frame).some((column) => column.toLowerCase().includes(term.lower)) || bodyMatches(term, frame.seq);
    case 'pattern':
      return columns(frame).some((column) => term.pattern.test(column.slice(0, MAX_MATCHED))) || bodyMatches(term, frame.seq);
    case 'field': {
      const value = fieldOf(term.field, frame)?.toLowerCase();
      const exact = term.field === 'dir' || term.field === 'outcome' || term.field === 'peer';
      return value !== undefined && (exact ? value === term.value : value.includes(term.value));
    }
  }
}

function columns(frame: FrameInfo): string[] {
  return [frame.type, frame.threadId, frame.runId, frame.connectionId, fateOf(frame)].filter((column) => column !== undefined);
}

function fieldOf(field: Extract<FilterTerm, { kind: 'field' }>['field'], frame: FrameInfo): string | undefined {
  switch (field) {
    case 'thread':
      return frame.threadId;
    case 'run':
      return frame.runId;
    case 'conn':
      return frame.connectionId;
    case 'type':
      return frame.type;
    case 'outcome':
      return fateOf(frame);
    case 'dir':
      return frame.direction;
    case 'peer':
      return frame.peer;
  }
}
