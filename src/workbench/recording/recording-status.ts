import type * as vscode from 'vscode';
import type { RecordingInfo } from '../../protocol/inspection';
import { COMMANDS } from '../commands';
import { ContextKey } from '../context-key';
import { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import { recordingName } from './recording-files';

/** Shows that something is recorded, and how much; a click stops. */
export class RecordingStatus implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly words: Words;
  private readonly recording: ContextKey<boolean>;

  constructor(private readonly api: VscodeApi) {
    this.words = new Words(api);
    this.recording = new ContextKey(api, 'threadLens.recording');
    this.item = api.window.createStatusBarItem('threadLens.recording', api.StatusBarAlignment.Left);
    this.item.name = api.l10n.t('Thread Lens Recording');
    this.item.command = COMMANDS.recordStop;
    this.item.backgroundColor = new api.ThemeColor('statusBarItem.warningBackground');
  }

  /** @param info undefined when nothing is recorded */
  show(info: RecordingInfo | undefined): void {
    this.recording.set(info !== undefined);
    if (!info) {
      this.item.hide();
      return;
    }
    const { l10n } = this.api;
    const { file, frames, bytes } = info;
    this.item.text = `$(record) ${this.words.bytes(bytes)}`;
    const text = new MarkdownText(this.api).bold(l10n.t('Recording')).paragraph();
    text.field(l10n.t('File'), file);
    text.field(l10n.t('Frames'), frames.toLocaleString('en'));
    text.raw('\n---\n\n');
    this.item.tooltip = text.command(l10n.t('Stop Recording'), COMMANDS.recordStop, []).markdown;
    this.item.accessibilityInformation = { label: l10n.t('Thread Lens records to {0}, {1}; activate to stop', recordingName(file), this.words.bytes(bytes)), role: 'button' };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
