import type * as vscode from 'vscode';
import type { InspectionClient } from './inspection-client';

/** How what the views show is doing. */
export type LiveState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  /** `url`: where HTTP is served, `clientUrl`: where clients connect; empty for what only can be looked at. */
  | { readonly kind: 'running'; readonly url: string; readonly clientUrl: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What the views, hovers and commands look at: the router of this window, or whatever else was chosen to be shown. */
export interface Live {
  readonly state: LiveState;
  /** Undefined while nothing can be asked. */
  readonly client: InspectionClient | undefined;
  readonly onDidChangeState: vscode.Event<LiveState>;
  /** Fires after the live model changed. */
  readonly onDidChangeModel: vscode.Event<void>;
}
