import type * as vscode from 'vscode';
import type { VirtualDocuments } from '../documents/virtual-documents';
import type { LiveModel } from '../live/live-model';
import type { RouterController } from '../router/router-controller';
import type { Sources } from '../sources/sources';
import type { VscodeApi } from '../vscode-api';

/** What the commands for recordings work with. */
export interface RecordingParts {
  readonly api: VscodeApi;
  readonly context: vscode.ExtensionContext;
  readonly sources: Sources;
  readonly router: RouterController;
  readonly model: LiveModel;
  readonly documents: VirtualDocuments;
  /** The bundle for recordings. */
  readonly file: string;
  readonly now: () => number;
  /** Shows the Traffic panel. */
  readonly openTraffic: () => Promise<void>;
}
