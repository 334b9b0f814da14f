import { describeValue } from '../core/errors';
import { isRecord } from '../core/is-record';
import { INSPECTION_VERSION, type RouterToWorkbench } from './inspection';

/** A text on the inspection channel that is no message of the protocol, or one of another version. */
export class InspectionProtocolError extends Error {
  override readonly name = 'InspectionProtocolError';

  constructor(
    readonly reason: 'not-json' | 'unknown-message' | 'other-version',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads one text that a router sent. The envelope is checked in full; entities are checked where a wrong one would
 * do harm (identity and order), because a router elsewhere may be newer and send more than is known here.
 * @throws {InspectionProtocolError} when the text is no message of this protocol version.
 */
export function parseRouterMessage(text: string): RouterToWorkbench {
  const message = readJson(text);
  if (!isRecord(message)) throw unknownMessage(typeof message);
  switch (message['type']) {
    case 'hello': {
      const { version } = message;
      if (version !== INSPECTION_VERSION) {
        throw new InspectionProtocolError(
          'other-version',
          `expected inspection protocol version ${INSPECTION_VERSION}, received ${describeValue(version)}`,
        );
      }
      if (!isRecord(message['router'])) throw unknownMessage('hello without router');
      break;
    }
    case 'changes':
      if (!Number.isSafeInteger(message['seq'])) throw unknownMessage('changes without seq');
      for (const list of ['connections', 'threads', 'runs'] as const) checkEntities(message, list, 'id', 'string');
      for (const list of ['deliveries', 'frames'] as const) checkEntities(message, list, 'seq', 'number');
      for (const list of ['breakpoints', 'held'] as const) checkEntities(message, list, 'id', 'number');
      break;
    case 'reply':
      if (!Number.isSafeInteger(message['id'])) throw unknownMessage('reply without id');
      break;
    default:
      throw unknownMessage(describeValue(message['type']));
  }
  return message as unknown as RouterToWorkbench;
}

function checkEntities(message: Record<string, unknown>, list: string, key: string, type: 'string' | 'number'): void {
  const entities = message[list];
  if (entities === undefined) return;
  if (!Array.isArray(entities)) throw unknownMessage(`changes whose ${list} is no list`);
  for (const entity of entities) {
    if (!isRecord(entity) || typeof entity[key] !== type) throw unknownMessage(`changes with one of ${list} without ${key}`);
  }
  if (list !== 'connections') return;
  for (const entity of entities as Record<string, unknown>[]) {
    if (!Array.isArray(entity['threads'])) throw unknownMessage('changes with a connection without threads');
  }
}

function unknownMessage(received: string): InspectionProtocolError {
  return new InspectionProtocolError('unknown-message', `expected hello, changes or reply, received ${received}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InspectionProtocolError('not-json', `expected JSON, received ${JSON.stringify(text.slice(0, 80))}`);
  }
}
