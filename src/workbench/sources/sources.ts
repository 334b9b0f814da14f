import type * as vscode from 'vscode';
import type { InspectionTransport } from '../../protocol/inspection';
import type { InspectionClient } from '../live/inspection-client';
import type { Live, LiveState } from '../live/live';
import type { LiveModel } from '../live/live-model';
import type { VscodeApi } from '../vscode-api';
import { Source, type SourceDescription } from './source';

/**
 * Everything of this window that speaks the inspection protocol: its router, a tap, routers attached elsewhere, opened
 * recordings. One at a time is shown in the views; the model holds that one, and the others are told to be silent.
 */
export class Sources implements Live, vscode.Disposable {
  private readonly sources = new Map<string, Source>();
  private current: Source | undefined;
  /** IDs of sources, the one shown last at the end: who is shown when the shown one goes. */
  private history: string[] = [];
  private idle: LiveState = { kind: 'stopped' };
  private disposed = false;
  private readonly stateChanged: vscode.EventEmitter<LiveState>;
  private readonly modelChanged: vscode.EventEmitter<void>;

  /** Fires when sources come or go, another one is shown, or the shown one's state changes. */
  readonly onDidChangeState: vscode.Event<LiveState>;
  readonly onDidChangeModel: vscode.Event<void>;

  constructor(
    private readonly api: VscodeApi,
    readonly model: LiveModel,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.stateChanged = new api.EventEmitter();
    this.modelChanged = new api.EventEmitter();
    this.onDidChangeState = this.stateChanged.event;
    this.onDidChangeModel = this.modelChanged.event;
  }

  /** In the order in which they were added. */
  get all(): readonly SourceDescription[] {
    return Array.from(this.sources.values(), ({ description }) => description);
  }

  get shown(): SourceDescription | undefined {
    return this.current?.description;
  }

  get client(): InspectionClient | undefined {
    return this.current?.client;
  }

  /** Of the shown source; without one that of the router of this window. */
  get state(): LiveState {
    return this.current?.state ?? this.idle;
  }

  /** How a source is doing that need not be the shown one. */
  stateOf(id: string): LiveState | undefined {
    return this.sources.get(id)?.state;
  }

  clientOf(id: string): InspectionClient | undefined {
    return this.sources.get(id)?.client;
  }

  /**
   * Adds a source and shows it. One of the same ID is replaced.
   * @param state what is known of it before it has spoken
   */
  add(description: SourceDescription, transport: InspectionTransport, state: LiveState = { kind: 'starting' }): InspectionClient {
    this.drop(description.id);
    // A transport may speak at once, and what it says is for a model that holds nothing else.
    this.leave();
    const source: Source = new Source(this.api, description, { transport, model: this.model, log: this.log, state }, () => {
      if (this.sources.get(description.id) === source) this.tell();
    });
    this.sources.set(description.id, source);
    source.client.onDidChange(() => this.modelChanged.fire());
    this.enter(source);
    this.tell();
    return source.client;
  }

  /** Takes a source out and disposes of it; the one that was shown before is shown again. Answers whether it was there. */
  remove(id: string): boolean {
    if (!this.drop(id)) return false;
    const last = this.sources.get(this.history.at(-1) ?? '');
    if (!this.current && last) this.enter(last);
    this.tell();
    return true;
  }

  /** Shows a source in the views; answers whether there is one of that ID. */
  show(id: string): boolean {
    const source = this.sources.get(id);
    if (!source) return false;
    if (source === this.current) return true;
    this.leave();
    this.enter(source);
    this.tell();
    return true;
  }

  /** What the state is while nothing is shown: how the router of this window is doing. */
  setIdleState(state: LiveState): void {
    this.idle = state;
    if (!this.current) this.tell();
  }

  dispose(): void {
    this.disposed = true;
    for (const source of this.sources.values()) source.dispose();
    this.sources.clear();
    this.current = undefined;
    this.stateChanged.dispose();
    this.modelChanged.dispose();
  }

  private enter(source: Source): void {
    const { id } = source.description;
    this.history = [...this.history.filter((other) => other !== id), id];
    this.current = source;
    source.client.follow(true);
    this.modelChanged.fire();
  }

  /** Nothing is shown from here on. */
  private leave(): void {
    this.current?.client.follow(false);
    this.current = undefined;
    this.model.clear();
  }

  private drop(id: string): boolean {
    const source = this.sources.get(id);
    if (!source) return false;
    this.sources.delete(id);
    this.history = this.history.filter((other) => other !== id);
    source.dispose();
    if (source === this.current) {
      this.leave();
      if (!this.disposed) this.modelChanged.fire();
    }
    return true;
  }

  private tell(): void {
    if (!this.disposed) this.stateChanged.fire(this.state);
  }
}
