import { messageOf } from '../../../core/message-of';
import { type ChangesMessage, type HelloMessage, INSPECTION_VERSION, isReadOnlyMethod, READ_ONLY_METHODS, type ReplyMessage, type RouterInfo } from '../../../protocol/inspection';
import { InspectionRequestError, readInspectionRequest } from '../../inspection/inspection-request';
import type { RecordingIndex } from './recording-index';
import { RecordingService } from './recording-service';

/** Entities of one kind in one message. */
const MOST_ENTITIES = 500;

/** A recording shown over the inspection protocol: a greeting, one snapshot, and answers. Nothing ever changes. */
export class RecordingSession {
  private readonly service: RecordingService;
  private seq = 0;

  /** @param version of the program that shows it */
  constructor(
    private readonly index: RecordingIndex,
    private readonly send: (text: string) => void,
    private readonly version: string,
  ) {
    this.service = new RecordingService(index);
    const hello: HelloMessage = { type: 'hello', version: INSPECTION_VERSION, router: this.router() };
    send(JSON.stringify(hello));
    this.snapshot();
  }

  /** Takes a text of the workbench and answers it. */
  receive(text: string): void {
    const request = readInspectionRequest(text);
    if ('error' in request) {
      this.reply({ type: 'reply', id: request.id ?? -1, error: { reason: request.error.reason, message: request.error.message } });
      return;
    }
    const { id, method } = request;
    try {
      if (!isReadOnlyMethod(method)) throw new InspectionRequestError('read_only', `${method}: a recording can be looked at only, expected one of ${READ_ONLY_METHODS.join(', ')}`);
      if (request.method === 'watch' || request.method === 'watchFrames') this.reply({ type: 'reply', id, result: request.params });
      else this.reply({ type: 'reply', id, result: this.service.answer(request) });
    } catch (error) {
      const reason = error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : 'internal';
      this.reply({ type: 'reply', id, error: { reason, message: messageOf(error) } });
    }
    if (request.method === 'watch' && request.params.on) this.snapshot();
  }

  close(): void {
    this.index.frames.close();
  }

  private router(): RouterInfo {
    const { header } = this.index;
    return {
      kind: 'recording', url: '', clientUrl: header.url ?? '', port: 0, pid: process.pid, version: this.version, dialect: header.dialect ?? 'fix', startedAt: Date.parse(header.created), storage: 'memory', behaviours: [], faults: [],
    };
  }

  private snapshot(): void {
    const { index } = this;
    const lists = { connections: index.connections.all(), threads: index.threads, runs: index.runs };
    const pages = Math.max(1, ...Object.values(lists).map(({ length }) => Math.ceil(length / MOST_ENTITIES)));
    for (let page = 0; page < pages; page++) {
      const part = <T>(list: readonly T[]): readonly T[] => list.slice(page * MOST_ENTITIES, (page + 1) * MOST_ENTITIES);
      const last = page === pages - 1;
      const message: ChangesMessage = {
        type: 'changes', seq: ++this.seq, ...(page === 0 ? { reset: true } : {}), ...(last ? { counters: index.counters, deliveries: index.deliveries } : { more: true }),
        connections: part(lists.connections), threads: part(lists.threads), runs: part(lists.runs),
      };
      this.send(JSON.stringify(message));
    }
  }

  private reply(message: ReplyMessage): void {
    this.send(JSON.stringify(message));
  }
}
