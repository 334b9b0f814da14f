import { join } from 'node:path';
import type * as vscode from 'vscode';
import { RECORDING_EXTENSION } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { InspectionMethods, RecordingInfo } from '../../protocol/inspection';
import { COMMANDS } from '../commands';
import { noticeText } from '../notice-text';
import { Words } from '../words';
import { fileOf, recordingName, saveDialog, suggestedFolder, timedName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import { RecordingStatus } from './recording-status';

/** Starts and stops recordings of what is shown, and keeps the status bar true. */
export class RecordCommands implements vscode.Disposable {
  private readonly status: RecordingStatus;
  private readonly listener: vscode.Disposable;
  /** The source that records. */
  private source: string | undefined;
  /** Problems that were told. */
  private told: string | undefined;

  constructor(private readonly parts: RecordingParts) {
    const { api, sources } = parts;
    this.status = new RecordingStatus(api);
    const models = sources.onDidChangeModel(() => this.refresh());
    const states = sources.onDidChangeState(() => this.refresh());
    this.listener = api.Disposable.from(models, states);
    this.refresh();
  }

  /**
   * `Thread Lens: Start Recording…`. Answers the recording, or undefined when the user declines.
   * @param argument the new file, as a path or `{file}`; without it asks
   * @throws {InspectionError} when it cannot be written, if a file was given; else that is said to the user
   */
  async start(argument: unknown): Promise<RecordingInfo | undefined> {
    const { api, sources, now } = this.parts;
    const { l10n, window, commands } = api;
    if (!sources.client) {
      const startRouter = l10n.t('Start Router');
      if ((await window.showInformationMessage(noticeText(l10n.t('There is nothing to record: no router runs, and none is attached.')), startRouter)) !== startRouter) return undefined;
      await commands.executeCommand(COMMANDS.routerStart);
    }
    const { client, shown } = sources;
    if (!client || !shown) return undefined;
    const given = fileOf(argument);
    const file = given ?? (await saveDialog(api, l10n.t('Record to'), join(suggestedFolder(api), `${timedName(now())}${RECORDING_EXTENSION}`), RECORDING_EXTENSION));
    if (file === undefined) return undefined;
    try {
      const info = await client.request('startRecording', { file });
      this.source = shown.id;
      this.told = undefined;
      this.status.show(info);
      return info;
    } catch (error) {
      if (given !== undefined) throw error;
      void window.showErrorMessage(noticeText(l10n.t('The recording could not start: {0}', messageOf(error))));
      return undefined;
    }
  }

  /** `Thread Lens: Stop Recording`. Answers what was recorded, or undefined when nothing was. */
  async stop(): Promise<InspectionMethods['stopRecording']['result'] | undefined> {
    const { api, sources } = this.parts;
    const { l10n, window } = api;
    const client = (this.source === undefined ? undefined : sources.clientOf(this.source)) ?? sources.client;
    if (!client) return undefined;
    try {
      const ended = await client.request('stopRecording', {});
      this.source = undefined;
      this.status.show(undefined);
      void this.offer(ended);
      return ended;
    } catch (error) {
      this.source = undefined;
      this.status.show(undefined);
      void window.showWarningMessage(noticeText(l10n.t('Nothing was stopped: {0}', messageOf(error))));
      return undefined;
    }
  }

  dispose(): void {
    this.listener.dispose();
    this.status.dispose();
  }

  /** What comes of a recording is a file that wants to be looked at. */
  private async offer({ file, frames, bytes }: RecordingInfo): Promise<void> {
    const { l10n, window, commands } = this.parts.api;
    const open = l10n.t('Open in Traffic');
    const replay = l10n.t('Replay…');
    const words = new Words(this.parts.api);
    const answer = await window.showInformationMessage(noticeText(l10n.t('Recorded {0} frames ({1}) to {2}.', frames.toLocaleString('en'), words.bytes(bytes), recordingName(file))), open, replay);
    if (answer === open) await commands.executeCommand(COMMANDS.recordingOpen, file);
    else if (answer === replay) await commands.executeCommand(COMMANDS.replay, this.parts.api.Uri.file(file));
  }

  private refresh(): void {
    const { sources, model, api } = this.parts;
    const { shown } = sources;
    if (this.source !== undefined && shown?.id !== this.source) {
      // Another source is shown: what is recorded elsewhere goes on, unless that is gone.
      if (!sources.clientOf(this.source)) this.ended();
      return;
    }
    const recording = model.router?.recording;
    if (recording?.problem !== undefined) {
      if (this.told !== recording.file) void api.window.showErrorMessage(noticeText(api.l10n.t('The recording ended: {0}', recording.problem)));
      this.told = recording.file;
      this.ended();
    } else if (recording) {
      this.source = shown?.id;
      this.status.show(recording);
    } else if (model.router) this.ended();
  }

  private ended(): void {
    this.source = undefined;
    this.status.show(undefined);
  }
}
