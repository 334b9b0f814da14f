import type { InspectionTransport } from '../../protocol/inspection';
import { InspectionClient } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';
import type { LiveState } from '../live/live';
import type { VscodeApi } from '../vscode-api';
import type * as vscode from 'vscode';

/** `router`: that of this window. `attached`: a router elsewhere. `backend`: a backend that serves only the debug endpoints. */
export type SourceKind = 'router' | 'tap' | 'attached' | 'backend' | 'recording';

/** Codicons of each kind. */
export const SOURCE_ICONS: Readonly<Record<SourceKind, string>> = { router: 'broadcast', tap: 'eye', attached: 'remote', backend: 'remote', recording: 'record' };

/** What a source is called, and what may be done with it. */
export interface SourceDescription {
  /** One of its kind: `router`, `tap`, or the kind with a URL or file. */
  readonly id: string;
  readonly kind: SourceKind;
  /** Short, for the status bar and lists. */
  readonly label: string;
  /** URL, target or file. */
  readonly detail: string;
  /** Nothing may be changed in it: requests that would are refused before they leave. */
  readonly readOnly: boolean;
}

interface SourceParts {
  readonly transport: InspectionTransport;
  readonly model: LiveModel;
  readonly log: vscode.LogOutputChannel;
  readonly state: LiveState;
}

/** Something that speaks the inspection protocol and can be shown in the views. Made and owned by `Sources`. */
export class Source implements vscode.Disposable {
  readonly client: InspectionClient;
  private current: LiveState;

  constructor(
    api: VscodeApi,
    readonly description: SourceDescription,
    { transport, model, log, state }: SourceParts,
    private readonly changed: () => void,
  ) {
    this.client = new InspectionClient(api, transport, model, log, { readOnly: description.readOnly, state });
    this.client.onDidChangeState((next) => {
      this.current = next;
      this.changed();
    });
    this.current = this.client.state;
  }

  get state(): LiveState {
    return this.current;
  }

  dispose(): void {
    this.client.dispose();
  }
}
