import type * as vscode from 'vscode';
import type { LazyInsight } from '../lazy-insight';
import type { RecordingCommands } from './recording-commands';
import type { RecordingParts } from './recording-parts';

/** The commands for recordings, loaded at their first use, or when what is shown turns out to be recorded. */
export class LazyRecordings implements vscode.Disposable {
  private loaded: RecordingCommands | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly parts: RecordingParts,
    private readonly insight: LazyInsight,
  ) {
    this.listener = parts.sources.onDidChangeModel(() => {
      if (parts.model.router?.recording) this.call();
    });
  }

  call(): RecordingCommands {
    this.loaded ??= this.insight.load().recordingCommands(this.parts);
    return this.loaded;
  }

  dispose(): void {
    this.listener.dispose();
    this.loaded?.dispose();
  }
}
