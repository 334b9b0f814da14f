import { isRecord } from '../../core/is-record';
import type { RemintOption, ReplayedSide, ReplayTiming } from '../../protocol/recording-task';

/** What is to be replayed, as a command or its questions say. */
export interface ReplayRequest {
  readonly side: ReplayedSide | 'serve';
  /** A URL; absent for the router of this window. */
  readonly target?: string;
  readonly token?: string;
  readonly allowRemote?: boolean;
  readonly timing: ReplayTiming;
  readonly remint?: RemintOption;
  /** Of `serve`; 0 picks a free one. */
  readonly port?: number;
}

/** The request that an argument with more than a file makes; undefined when questions are to be asked. */
export function replayRequestOf(argument: unknown): ReplayRequest | undefined {
  if (!isRecord(argument) || typeof argument['file'] !== 'string') return undefined;
  const { side = 'both', target, token, allowRemote, timing = 'original', remint = true, port } = argument;
  if (side !== 'both' && side !== 'agents' && side !== 'clients' && side !== 'serve') throw new RangeError(`side: expected both, agents, clients or serve, received ${JSON.stringify(side)}`);
  return {
    side,
    ...(typeof target === 'string' ? { target } : {}),
    ...(typeof token === 'string' ? { token } : {}),
    ...(allowRemote === true ? { allowRemote } : {}),
    timing: timingOf(timing),
    ...(remint === false ? {} : { remint: typeof remint === 'string' ? { seed: remint } : {} }),
    ...(typeof port === 'number' ? { port } : {}),
  };
}

/** `original`, `none`, or so many times faster. @throws {RangeError} */
export function timingOf(value: unknown): ReplayTiming {
  if (value === 'original' || value === 'none') return { kind: value };
  const factor = typeof value === 'string' ? Number(value) : value;
  if (typeof factor !== 'number' || !(factor > 0 && Number.isFinite(factor))) throw new RangeError(`timing: expected original, none or a positive number, received ${JSON.stringify(value)}`);
  return { kind: 'scaled', factor };
}
