import { type Dialect, InvalidRunIdError, isBlank, redactBody, resolveThreadSync, type Resolution, ThreadResolutionError } from '../../../core/index';
import type { InspectionMethods, LiveAnswer } from '../../../protocol/inspection';
import { InspectionRequestError } from '../../inspection/inspection-request';
import type { InspectionService, ServiceRequest } from '../../inspection/inspection-service';
import { findFrames } from '../../journal/find-frames';
import type { RecordingIndex } from './recording-index';

/** IDs of connections in one answer. */
const MOST_CONNECTION_IDS = 100;

/** Answers questions about a recording. Nothing in it can be changed. */
export class RecordingService implements InspectionService {
  constructor(private readonly index: RecordingIndex) {}

  answer(request: ServiceRequest): unknown {
    const { index } = this;
    switch (request.method) {
      case 'resolve':
        return this.resolve(request.params.runId, request.params.dialect ?? index.header.dialect ?? 'fix');
      case 'connection': {
        const details = index.connections.details(request.params.connectionId);
        if (!details) throw new InspectionRequestError('not_found', `expected the ID of a connection of the recording, received ${JSON.stringify(request.params.connectionId.slice(0, 100))}`);
        return details;
      }
      case 'frames':
        return findFrames(index.frames, request.params);
      case 'frameBody':
        return this.frameBody(request.params.seq);
      default:
        throw new InspectionRequestError('unsupported', `${request.method}: a recording cannot be changed`);
    }
  }

  private resolve(runId: string, dialect: Dialect): LiveAnswer {
    if (isBlank(runId)) throw new InvalidRunIdError('blank', 'a non-blank run ID', JSON.stringify(runId.slice(0, 20)));
    let resolution: Resolution;
    try {
      resolution = resolveThreadSync(runId, { registry: { getThread: (id: string) => this.index.threadOf(id), register: () => undefined } }, { dialect });
    } catch (error) {
      if (!(error instanceof ThreadResolutionError)) throw error;
      ({ resolution } = error);
    }
    const { threadId } = resolution;
    const on = threadId === undefined ? [] : this.index.connections.all().filter(({ threads }) => threads.includes(threadId));
    return { ...resolution, connectionIds: on.slice(0, MOST_CONNECTION_IDS).map(({ id }) => id), connections: on.length, waiting: 0, nearMisses: [] };
  }

  private frameBody(seq: number): InspectionMethods['frameBody']['result'] {
    const { frames } = this.index;
    const body = frames.body(seq);
    if (!body) return { missing: true };
    const cut = body.truncated ? { truncated: true } : {};
    if (frames.info(seq)?.binary) return { base64: body.bytes.toString('base64'), ...cut };
    // A file may come from anywhere.
    return { text: redactBody(body.bytes.toString()), ...cut };
  }
}
