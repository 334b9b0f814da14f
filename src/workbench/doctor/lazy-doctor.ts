import type * as vscode from 'vscode';
import type { HoverScene } from '../insight/hover-on-line';
import type { LazyInsight } from '../lazy-insight';
import { SETTINGS_SECTION } from '../settings';
import { isDiagnosedByItself } from './doctor-settings';
import type { LogDoctor } from './log-doctor';

/** Logs that were open before the extension was wait so long, in ms: others start up at the same moment. */
const FIRST_LOOK_MS = 500;

/** Calls the log doctor when there is a log to diagnose; nothing of it is loaded before. */
export class LazyDoctor implements vscode.Disposable {
  private doctor: LogDoctor | undefined;
  private readonly waiting: vscode.Disposable;
  private readonly firstLook: ReturnType<typeof setTimeout>;

  constructor(
    private readonly scene: HoverScene,
    private readonly insight: LazyInsight,
  ) {
    const { api } = scene;
    const look = (): void => {
      if (api.workspace.textDocuments.some((document) => isDiagnosedByItself(api, document))) this.call();
    };
    this.firstLook = setTimeout(look, FIRST_LOOK_MS);
    this.waiting = api.Disposable.from(
      api.workspace.onDidOpenTextDocument((document) => {
        if (isDiagnosedByItself(api, document)) this.call();
      }),
      api.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.doctor`)) look();
      }),
    );
  }

  /** The doctor, called in when it is not there yet. */
  call(): LogDoctor {
    clearTimeout(this.firstLook);
    if (!this.doctor) {
      this.waiting.dispose();
      this.doctor = new (this.insight.load().LogDoctor)(this.scene);
    }
    return this.doctor;
  }

  /** Clears the problems, if there can be any. */
  clear(): void {
    this.doctor?.clear();
  }

  dispose(): void {
    clearTimeout(this.firstLook);
    this.waiting.dispose();
    this.doctor?.dispose();
  }
}
