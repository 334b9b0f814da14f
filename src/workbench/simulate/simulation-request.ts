import { generateRunId } from '../../core/index';
import { isRecord } from '../../core/is-record';

/** Arguments of `threadLens.simulateDelivery`, validated: they may come from a keybinding, a task or a link. */
export interface SimulationRequest {
  readonly runId?: string;
  readonly threadId?: string;
  readonly type?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly agentName?: string;
}

/** The arguments of a simulation are not what they should be. */
export class SimulationRequestError extends Error {
  override readonly name = 'SimulationRequestError';

  constructor(
    readonly reason: 'bad-argument',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the command's argument; a string is an ID.
 * @throws {SimulationRequestError} naming the field, what was expected and what was received.
 */
export function readSimulationRequest(argument: unknown): SimulationRequest {
  if (argument === undefined || argument === null) return {};
  if (typeof argument === 'string') return { runId: argument };
  if (!isRecord(argument)) throw wrong('argument', 'an object', argument);
  const fields: Record<string, unknown> = { ...argument };
  for (const name of ['runId', 'threadId', 'type', 'agentName'] as const) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'string' || value.trim() === '')) {
      throw wrong(name, 'a non-blank string', value);
    }
  }
  const { payload } = fields;
  if (payload !== undefined && !isRecord(payload)) {
    throw wrong('payload', 'an object', payload);
  }
  return fields;
}

/** The run ID to send with: the given one, else a new composite one for the thread. */
export function runIdOf(request: SimulationRequest): string | undefined {
  if (request.runId !== undefined) return request.runId;
  return request.threadId === undefined ? undefined : generateRunId(request.threadId);
}

function wrong(name: string, expected: string, received: unknown): SimulationRequestError {
  const shown = typeof received === 'string' ? JSON.stringify(received.slice(0, 80)) : typeof received;
  return new SimulationRequestError('bad-argument', `${name}: expected ${expected}, received ${shown}`);
}
