import type { Socket } from 'node:net';
import type { InspectionAccess, RouterInfo } from '../../protocol/inspection';
import type { Limits } from '../limits';
import { closeReason, type ServerSocket } from '../ws-socket';
import type { ChangeFeed, FeedSink } from './change-feed';
import { InspectionSession } from './inspection-session';
import type { InspectionService } from './inspection-service';

/** Workbenches attached over a WebSocket at `/inspect`, or over any other carrier of texts. */
export class InspectionEndpoint {
  private readonly sockets = new Set<ServerSocket>();

  constructor(
    private readonly service: InspectionService,
    private readonly feed: ChangeFeed,
    private readonly limits: Limits,
    private readonly router: () => RouterInfo,
    private readonly log: (message: string) => void,
  ) {}

  get count(): number {
    return this.sockets.size;
  }

  /** Serves a workbench over texts: hello, snapshot, changes, answers. */
  serve(sink: FeedSink, access: InspectionAccess = 'full'): InspectionSession {
    return new InspectionSession(this.service, this.feed, sink, this.router, this.log, access);
  }

  /** @param query of the handshake: with `access=read`, and with any access but `full`, nothing can be changed over this socket. */
  accept(ws: ServerSocket, socket: Socket, query: URLSearchParams): void {
    this.sockets.add(ws);
    const sink: FeedSink = {
      send: (text) => {
        if (ws.readyState !== ws.OPEN) return;
        ws.send(text);
        // Answers are not held back as changes are; who asks and does not read has to go.
        if (socket.writableLength > 4 * this.limits.hardBufferBytes) ws.close(1013, closeReason('the inspector reads too slowly'));
      },
      ready: () => ws.readyState === ws.OPEN && socket.writableLength < this.limits.softBufferBytes,
    };
    // What is misspelt gives no more than what it may have meant.
    const session = this.serve(sink, (query.get('access') ?? 'full') === 'full' ? 'full' : 'read');
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) ws.close(1003, 'expected text frames');
      else session.receive(data.toString());
    });
    ws.on('error', () => {});
    ws.on('close', () => {
      this.sockets.delete(ws);
      session.close();
    });
  }

  /** Begins to close all sockets. */
  close(code: number, reason: string): void {
    for (const ws of this.sockets) ws.close(code, reason);
  }

  terminate(): void {
    for (const ws of this.sockets) ws.terminate();
  }
}
