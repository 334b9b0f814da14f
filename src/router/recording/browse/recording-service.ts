import { type Dialect, redactBody, resolveThreadSync } from '../../../core/index';
import type { InspectionMethods, LiveAnswer } from '../../../protocol/inspection';
import { InspectionRequestError } from '../../inspection/inspection-request';
import type { InspectionService, ServiceRequest } from '../../inspection/inspection-service';
import { namedConnections, resolutionOf } from '../../inspection/live-answer';
import { findFrames } from '../../journal/find-frames';
import type { RecordingIndex } from './recording-index';

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
    const registry = { getThread: (id: string) => this.index.threadOf(id), register: () => undefined };
    const resolution = resolutionOf(() => resolveThreadSync(runId, { registry }, { dialect }));
    const { threadId } = resolution;
    const on = threadId === undefined ? [] : this.index.connections.all().filter(({ threads }) => threads.includes(threadId));
    return { ...resolution, ...namedConnections(on), waiting: 0, nearMisses: [] };
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
