import { messageOf } from '../../core/message-of';
import { type HelloMessage, INSPECTION_VERSION, type InspectionAccess, isReadOnlyMethod, READ_ONLY_METHODS, type ReplyMessage, type RouterInfo } from '../../protocol/inspection';
import type { ChangeFeed, FeedSink, Watcher } from './change-feed';
import { type CheckedRequest, InspectionRequestError, readInspectionRequest } from './inspection-request';
import type { InspectionService } from './inspection-service';

/** One workbench that watches and asks, over whatever carries its texts. */
export class InspectionSession {
  private readonly watcher: Watcher;
  private closed = false;

  constructor(
    private readonly service: InspectionService,
    private readonly feed: ChangeFeed,
    private readonly sink: FeedSink,
    router: () => RouterInfo,
    private readonly log: (message: string) => void,
    private readonly access: InspectionAccess = 'full',
  ) {
    const hello: HelloMessage = { type: 'hello', version: INSPECTION_VERSION, router: router() };
    sink.send(JSON.stringify(hello));
    this.watcher = feed.attach(sink);
  }

  /** Takes a text of the workbench and answers it. */
  receive(text: string): void {
    if (this.closed) return;
    const request = readInspectionRequest(text);
    if ('error' in request) {
      // Without a number there is nobody to answer to; -1 tells at least that something was wrong.
      this.reply({ type: 'reply', id: request.id ?? -1, error: { reason: request.error.reason, message: request.error.message } });
      return;
    }
    const { id } = request;
    const failed = (error: unknown): void => this.reply({ type: 'reply', id, error: this.describe(error) });
    try {
      const result = this.carryOut(request);
      if (result instanceof Promise) result.then((late: unknown) => this.reply({ type: 'reply', id, result: late }), failed);
      else this.reply({ type: 'reply', id, result });
    } catch (error) {
      failed(error);
    }
    // A snapshot that was asked for follows its answer.
    if (request.method === 'watch') this.feed.soon(this.watcher);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.feed.detach(this.watcher);
  }

  private carryOut(request: CheckedRequest): unknown {
    if (this.access === 'read' && !isReadOnlyMethod(request.method)) {
      throw new InspectionRequestError('read_only', `${request.method}: this workbench is attached to look only (access=read), expected one of ${READ_ONLY_METHODS.join(', ')}`);
    }
    switch (request.method) {
      case 'watch':
        this.watcher.watch(request.params.on);
        return request.params;
      case 'watchFrames':
        this.watcher.watchFrames(request.params.on);
        return request.params;
      default:
        return this.service.answer(request);
    }
  }

  private reply(message: ReplyMessage): void {
    if (this.closed) return;
    this.sink.send(JSON.stringify(message));
  }

  private describe(error: unknown): { reason: string; message: string } {
    if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return { reason: error.reason, message: error.message };
    const message = messageOf(error);
    this.log(`inspection: ${message}`);
    return { reason: 'internal', message };
  }
}
