import type * as vscode from 'vscode';
import { type ParsedRunId, scanText } from '../../core/index';
import { shownText } from '../documents/shown-text';
import type { IdFormats } from '../formats/id-formats';
import type { LiveModel } from '../live/live-model';
import type { Live } from '../live/live';
import { areInlayHintsEnabled, SETTINGS_SECTION } from '../settings';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';

/** The live state changes thousands of times a second; hints follow at this pace, in ms. */
const REFRESH_MS = 1000;
const MAX_HINTS = 500;
/** Characters of a range that are read. */
const MAX_RANGE = 200_000;

/** Behind each ID: how many connections its thread has now. Off by default. */
export class ConnectionHints implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<void>;
  private readonly disposables: vscode.Disposable[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshedAt = -Infinity;
  /** Nobody asked since the last refresh: then there is nothing to refresh. */
  private isShown = false;
  private seen = '';

  readonly onDidChangeInlayHints: vscode.Event<void>;

  constructor(
    private readonly api: VscodeApi,
    private readonly formats: IdFormats,
    private readonly model: LiveModel,
    private readonly live: Live,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeInlayHints = this.changed.event;
    this.disposables = [
      this.changed,
      live.onDidChangeModel(() => this.refreshSoon()),
      live.onDidChangeState(() => this.refreshSoon()),
      formats.onDidChange(() => {
        this.seen = '';
        this.refreshSoon();
      }),
      api.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.inlayHints`)) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range, token: vscode.CancellationToken): vscode.InlayHint[] {
    if (!areInlayHintsEnabled(this.api, document.uri)) return [];
    this.isShown = true;
    if (this.live.state.kind !== 'running') return [];
    const start = document.offsetAt(range.start);
    const text = document.getText(range).slice(0, MAX_RANGE);
    const hints: vscode.InlayHint[] = [];
    for (const { offset, length, parsed } of scanText(text, { table: this.formats.table })) {
      if (token.isCancellationRequested) return [];
      const hint = parsed && this.hint(parsed, document.positionAt(start + offset + length));
      if (hint) hints.push(hint);
      if (hints.length === MAX_HINTS) break;
    }
    return hints;
  }

  private hint(reading: ParsedRunId, position: vscode.Position): vscode.InlayHint | undefined {
    // What the router has registered is right even where the ID says otherwise.
    const threadId = reading.kind === 'connection' ? undefined : (this.model.runs.get(reading.text)?.threadId ?? reading.threadId);
    if (threadId === undefined) return undefined;
    const count = this.model.threads.get(threadId)?.connections ?? 0;
    const { l10n, InlayHint } = this.api;
    const hint = new InlayHint(position, count > 0 ? new Words(this.api).connections(count) : l10n.t('nobody connected'));
    hint.paddingLeft = true;
    hint.tooltip = shownText(l10n.t('Live connections of {0}', threadId));
    return hint;
  }

  private refreshSoon(): void {
    if (!this.isShown || this.timer !== undefined) return;
    const wait = Math.max(0, this.refreshedAt + REFRESH_MS - this.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.refreshedAt = this.now();
      const now = `${this.model.threadsVersion} ${this.model.runsVersion}`;
      if (now === this.seen && this.live.state.kind === 'running') return;
      this.seen = now;
      this.isShown = false;
      this.changed.fire();
    }, wait);
    this.timer.unref();
  }
}
