import type * as vscode from 'vscode';
import type { ChangesMessage, FrameInfo, FrameQuery, InspectionTransport, ServedKind } from '../../../src/protocol/inspection';
import { InspectionClient } from '../../../src/workbench/live/inspection-client';
import { LiveModel } from '../../../src/workbench/live/live-model';
import type { RouterState } from '../../../src/workbench/router/router-controller';
import type { PanelRouter } from '../../../src/workbench/traffic/traffic-session';
import type { FakeVscode } from '../fake/fake-vscode';

type Answer = (params: Record<string, unknown>) => unknown;

/** A router at the other end of the inspection protocol: has a journal, answers from a table, notes what it was asked. */
export class PlayedRouter {
  readonly asked: { method: string; params: Record<string, unknown> }[] = [];
  readonly journal: FrameInfo[] = [];
  watching = false;
  private listener: (text: string) => void = () => undefined;
  private seq = 0;

  constructor(
    private readonly answers: Readonly<Record<string, Answer>> = {},
    private readonly startedAt = 1,
    private readonly kind: ServedKind = 'router',
  ) {}

  readonly transport: InspectionTransport = {
    send: (text) => this.receive(text),
    onText: (listener) => {
      this.listener = listener;
      this.tell({ type: 'hello', version: 1, router: { kind: this.kind, url: 'http://127.0.0.1:1', clientUrl: 'ws://127.0.0.1:1/ws', port: 1, pid: 42, version: '0', dialect: 'fix', startedAt: this.startedAt, storage: 'memory' } });
      this.change({ reset: true });
    },
    onClosed: () => undefined,
    close: () => undefined,
  };

  /** Frames come in, and are told as changes while somebody watches. */
  see(count: number, { told = true, parts = {} }: { told?: boolean; parts?: Partial<FrameInfo> } = {}): void {
    const next = (this.journal.at(-1)?.seq ?? 0) + 1;
    const frames = Array.from({ length: count }, (_, index): FrameInfo => ({ seq: next + index, at: next + index, direction: 'in', peer: 'agent', bytes: 10, ...parts }));
    this.journal.push(...frames);
    if (told && this.watching) this.change({ frames });
  }

  change(parts: Partial<ChangesMessage>): void {
    this.tell({ type: 'changes', seq: ++this.seq, ...parts });
  }

  timesAsked(method: string): number {
    return this.asked.filter((request) => request.method === method).length;
  }

  private tell(message: unknown): void {
    this.listener(JSON.stringify(message));
  }

  private receive(text: string): void {
    const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: Record<string, unknown> };
    this.asked.push({ method, params });
    // Answers come later, as from a thread of its own.
    setImmediate(() => {
      try {
        this.tell({ type: 'reply', id, result: this.answer(method, params) });
      } catch (error) {
        this.tell({ type: 'reply', id, error: { reason: 'failed', message: (error as Error).message } });
      }
    });
  }

  private answer(method: string, params: Record<string, unknown>): unknown {
    const answer = this.answers[method];
    if (answer) return answer(params);
    if (method === 'watchFrames') {
      this.watching = params['on'] === true;
      return { on: this.watching };
    }
    if (method === 'frames') return this.frames(params);
    throw new Error(`no answer to ${method}`);
  }

  private frames({ after = 0, limit = 200, text }: FrameQuery): unknown {
    const frames = this.journal.filter((frame) => frame.seq > after && (text === undefined || frame.type === text)).slice(0, limit);
    const newest = this.journal.at(-1)?.seq ?? 0;
    return { frames, oldest: this.journal[0]?.seq ?? 1, newest, searchedTo: frames.length < limit ? newest : frames.at(-1)?.seq };
  }
}

/** The router of a window, started and stopped by a test. */
export class PlayedController implements PanelRouter {
  state: RouterState = { kind: 'stopped' };
  client: InspectionClient | undefined;
  readonly model = new LiveModel();
  readonly log: vscode.LogOutputChannel;
  private readonly changed: vscode.EventEmitter<RouterState>;
  readonly onDidChangeState: vscode.Event<RouterState>;

  constructor(private readonly fake: FakeVscode) {
    this.log = fake.api.window.createOutputChannel('Test', { log: true });
    this.changed = new fake.api.EventEmitter();
    this.onDidChangeState = this.changed.event;
  }

  start(router: PlayedRouter): void {
    this.client = new InspectionClient(this.fake.api, router.transport, this.model, this.log);
    this.become({ kind: 'running', url: 'http://127.0.0.1:1', clientUrl: 'ws://127.0.0.1:1/ws', port: 1, token: 'secret-token' });
  }

  stop(): void {
    this.client?.dispose();
    this.client = undefined;
    this.model.clear();
    this.become({ kind: 'stopped' });
  }

  become(state: RouterState): void {
    this.state = state;
    this.changed.fire(state);
  }

  dispose(): void {
    this.client?.dispose();
    this.changed.dispose();
    this.log.dispose();
  }
}
