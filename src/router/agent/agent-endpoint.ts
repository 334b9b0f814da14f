import type { Socket } from 'node:net';
import type { Dispatcher } from '../delivery/dispatcher';
import { textFrame } from '../delivery/server-frame';
import type { RouterModel } from '../model/router-model';
import { closeReason, type ServerSocket } from '../ws-socket';

/** Size of a chunk that filled the socket's read buffer: more is to be read at once. */
const FULL_CHUNK_BYTES = 65_536;

interface Agent {
  readonly ws: ServerSocket;
  readonly socket: Socket;
  /** Receipts of this turn. */
  receipts: Buffer[];
  missedBeats: number;
}

/** Agents: one JSON event per message in, receipts in the same order out (DESIGN 4.2). */
export class AgentEndpoint {
  readonly agents = new Set<Agent>();
  /** Agents that sent something this turn. */
  private readonly busy = new Set<Agent>();
  private turnEnd: NodeJS.Immediate | undefined;

  constructor(
    private readonly model: RouterModel,
    private readonly dispatcher: Dispatcher,
  ) {}

  accept(ws: ServerSocket, socket: Socket): void {
    const agent: Agent = { ws, socket, receipts: [], missedBeats: 0 };
    this.agents.add(agent);
    this.model.agents = this.agents.size;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.message(agent, data, isBinary));
    // After ws has taken all messages out of a chunk, the turn is over, unless the chunk says that more comes at once.
    socket.on('data', (chunk: Buffer) => {
      if (this.busy.size === 0) return;
      if (chunk.length < FULL_CHUNK_BYTES) this.endTurn();
      else this.turnEnd ??= setImmediate(() => this.endTurn());
    });
    ws.on('pong', () => {
      agent.missedBeats = 0;
    });
    ws.on('error', () => {});
    ws.on('close', () => {
      this.agents.delete(agent);
      this.busy.delete(agent);
      this.model.agents = this.agents.size;
      this.endTurn();
    });
    // Frames that came with the handshake are read before anything else arrives.
    this.turnEnd ??= setImmediate(() => this.endTurn());
  }

  /** One ping to each; `terminate` for who missed two. */
  beat(): void {
    for (const agent of this.agents) {
      if (agent.missedBeats >= 2) agent.ws.terminate();
      else {
        agent.missedBeats++;
        if (agent.ws.readyState === agent.ws.OPEN) agent.ws.ping();
      }
    }
  }

  stop(): void {
    clearImmediate(this.turnEnd);
    this.turnEnd = undefined;
  }

  private message(agent: Agent, data: Buffer, isBinary: boolean): void {
    if (agent.ws.readyState !== agent.ws.OPEN) return;
    agent.missedBeats = 0;
    this.busy.add(agent);
    const { dispatcher } = this;
    if (isBinary) {
      agent.receipts.push(Buffer.from(dispatcher.refuseBinary(data)));
      return;
    }
    const seq = dispatcher.receive(data);
    const text = dispatcher.receiptText(seq);
    if (text === undefined) return;
    dispatcher.promise();
    agent.receipts.push(Buffer.from(text));
  }

  private endTurn(): void {
    clearImmediate(this.turnEnd);
    this.turnEnd = undefined;
    this.dispatcher.endTurn();
    for (const agent of this.busy) this.sendReceipts(agent);
    this.busy.clear();
  }

  private sendReceipts(agent: Agent): void {
    const { receipts, socket, ws } = agent;
    if (receipts.length === 0) return;
    agent.receipts = [];
    if (ws.readyState !== ws.OPEN || !socket.writable) return;
    let bytes = 0;
    for (const receipt of receipts) bytes += receipt.length;
    this.model.totals.framesOut += receipts.length;
    this.model.totals.bytesOut += bytes;
    socket.write(receipts.length === 1 && receipts[0] ? textFrame(receipts[0]) : Buffer.concat(receipts.map(textFrame)));
    if (socket.writableLength > this.model.limits.hardBufferBytes) {
      ws.close(1013, closeReason('receipts are not read: expected an agent that reads what it asked for'));
      ws.terminate();
    } else if (socket.writableLength > this.model.limits.softBufferBytes && !ws.isPaused) {
      // An agent that does not read its receipts is not read either.
      ws.pause();
      socket.write(NOTHING, () => ws.resume());
    }
  }
}

const NOTHING = Buffer.alloc(0);
