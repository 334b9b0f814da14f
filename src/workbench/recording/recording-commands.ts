import type * as vscode from 'vscode';
import { versionOf } from '../version-of';
import { compareRecordingsCommand } from './compare-recordings-command';
import { exportHar, importHar } from './har-commands';
import { closeRecording, openRecording } from './open-recording';
import { RecordCommands } from './record-commands';
import type { RecordingParts } from './recording-parts';
import { RecordingTasks } from './recording-tasks';
import { replayCommand } from './replay-command';

/** Everything the palette and the explorer offer for recordings. Loaded at its first use. */
export class RecordingCommands implements vscode.Disposable {
  private readonly tasks: RecordingTasks;
  private readonly record: RecordCommands;

  constructor(private readonly parts: RecordingParts) {
    const { api, context, file } = parts;
    this.tasks = new RecordingTasks(api, file, versionOf(context));
    this.record = new RecordCommands(parts);
  }

  start(argument: unknown): ReturnType<RecordCommands['start']> {
    return this.record.start(argument);
  }

  stop(): ReturnType<RecordCommands['stop']> {
    return this.record.stop();
  }

  open(argument: unknown): ReturnType<typeof openRecording> {
    return openRecording(this.parts, this.tasks, argument);
  }

  close(argument: unknown): boolean {
    return closeRecording(this.parts, argument);
  }

  replay(argument: unknown): ReturnType<typeof replayCommand> {
    return replayCommand(this.parts, this.tasks, argument);
  }

  compare(first: unknown, others: unknown): ReturnType<typeof compareRecordingsCommand> {
    return compareRecordingsCommand(this.parts, this.tasks, first, others);
  }

  exportHar(argument: unknown): ReturnType<typeof exportHar> {
    return exportHar(this.parts, this.tasks, argument);
  }

  importHar(argument: unknown): ReturnType<typeof importHar> {
    return importHar(this.parts, this.tasks, argument);
  }

  dispose(): void {
    this.record.dispose();
    this.tasks.dispose();
  }
}

export function recordingCommands(parts: RecordingParts): RecordingCommands {
  return new RecordingCommands(parts);
}
