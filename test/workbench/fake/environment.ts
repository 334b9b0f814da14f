import type * as vscode from 'vscode';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { strict } from './strict';

export interface EnvironmentOptions {
  readonly language?: string;
  readonly remoteName?: string;
  readonly uiKind?: vscode.UIKind;
}

/** `vscode.env`, with a clipboard of its own. */
export class Environment {
  clipboard = '';
  /** What `env.openExternal` was asked to open. */
  readonly openedExternally: vscode.Uri[] = [];
  /** Replace it to play a remote window that forwards ports. */
  asExternalUri: (uri: vscode.Uri) => vscode.Uri = (uri) => uri;
  readonly api;

  constructor(ledger: Ledger, options: EnvironmentOptions) {
    const logLevel = new Emitter<vscode.LogLevel>(ledger, 'env.onDidChangeLogLevel');
    const telemetry = new Emitter<boolean>(ledger, 'env.onDidChangeTelemetryEnabled');
    this.api = strict('env', {
      appName: 'Visual Studio Code',
      appHost: 'desktop',
      uriScheme: 'vscode',
      language: options.language ?? 'en',
      machineId: 'someValue.machineId',
      sessionId: 'someValue.sessionId',
      isNewAppInstall: false,
      isTelemetryEnabled: false,
      onDidChangeTelemetryEnabled: telemetry.event,
      remoteName: options.remoteName,
      uiKind: options.uiKind ?? enums.UIKind.Desktop,
      logLevel: enums.LogLevel.Info,
      onDidChangeLogLevel: logLevel.event,
      clipboard: {
        readText: async () => this.clipboard,
        writeText: async (text: string) => {
          this.clipboard = text;
        },
      },
      openExternal: async (uri: vscode.Uri) => {
        this.openedExternally.push(uri);
        return true;
      },
      asExternalUri: async (uri: vscode.Uri) => this.asExternalUri(uri),
    } satisfies Partial<typeof vscode.env>);
  }
}
