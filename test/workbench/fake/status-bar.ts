import type * as vscode from 'vscode';
import type { Commands } from './commands';
import { Disposable } from './disposable';
import { enums } from './enums';
import type { Ledger } from './ledger';

const BACKGROUNDS = new Set(['statusBarItem.errorBackground', 'statusBarItem.warningBackground']);

/** `vscode.StatusBarItem`. */
class StatusBarItem implements vscode.StatusBarItem {
  name: string | undefined;
  text = '';
  tooltip: string | vscode.MarkdownString | undefined;
  color: string | vscode.ThemeColor | undefined;
  command: string | vscode.Command | undefined;
  accessibilityInformation: vscode.AccessibilityInformation | undefined;
  visible = false;
  private background: vscode.ThemeColor | undefined;

  constructor(
    readonly id: string,
    readonly alignment: vscode.StatusBarAlignment,
    readonly priority: number | undefined,
    private readonly onDispose: () => void,
  ) {}

  /** Only two colours are allowed; VS Code drops any other. */
  get backgroundColor(): vscode.ThemeColor | undefined {
    return this.background;
  }

  set backgroundColor(color: vscode.ThemeColor | undefined) {
    this.background = color && BACKGROUNDS.has(color.id) ? color : undefined;
  }

  show(): void {
    this.visible = true;
  }

  hide(): void {
    this.visible = false;
  }

  dispose(): void {
    this.visible = false;
    this.onDispose();
  }
}

/** Items and messages of the status bar. */
export class StatusBar {
  private readonly items: StatusBarItem[] = [];
  private readonly messages: string[] = [];
  /** Every text given to `setStatusBarMessage`. */
  readonly said: string[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly commands: Commands,
  ) {}

  /** What one sees, from left to right. */
  get visible(): readonly vscode.StatusBarItem[] {
    return this.items
      .filter((item) => item.visible)
      .toSorted((a, b) => a.alignment - b.alignment || (b.priority ?? 0) - (a.priority ?? 0));
  }

  /** The texts one sees, items first, then messages. */
  get text(): string {
    return [...this.visible.map((item) => item.text), ...this.messages.slice(-1)].join(' | ');
  }

  /** The item of that ID, seen or not. */
  item(id: string): vscode.StatusBarItem {
    const item = this.items.find((candidate) => candidate.id === id);
    if (!item) throw new Error(`fake vscode: the extension has created no status bar item ${id}`);
    return item;
  }

  /** Clicks a visible item. */
  async click(id: string): Promise<unknown> {
    const item = this.visible.find((candidate) => candidate.id === id);
    if (!item) throw new Error(`fake vscode: no status bar item ${id} is visible`);
    const { command } = item;
    if (command === undefined) return undefined;
    return typeof command === 'string'
      ? this.commands.run(command)
      : this.commands.run(command.command, ...((command.arguments ?? []) as unknown[]));
  }

  createItem = (
    idOrAlignment?: string | vscode.StatusBarAlignment,
    alignmentOrPriority?: number,
    priority?: number,
  ): vscode.StatusBarItem => {
    const [id, alignment, rank] =
      typeof idOrAlignment === 'string'
        ? [idOrAlignment, alignmentOrPriority, priority]
        : ['the extension', idOrAlignment, alignmentOrPriority];
    const entry = this.ledger.enter(`status bar item ${id}`);
    const item: StatusBarItem = new StatusBarItem(id, alignment ?? enums.StatusBarAlignment.Left, rank, () => {
      const index = this.items.indexOf(item);
      if (index >= 0) this.items.splice(index, 1);
      entry.dispose();
    });
    this.items.push(item);
    return item;
  };

  setMessage = (text: string, hide?: number | PromiseLike<unknown>): Disposable => {
    this.said.push(text);
    this.messages.push(text);
    // A message that ends by itself need not be disposed of.
    const entry = hide === undefined ? this.ledger.enter(`status bar message ${text}`) : undefined;
    const message = new Disposable(() => {
      const index = this.messages.indexOf(text);
      if (index >= 0) this.messages.splice(index, 1);
      entry?.dispose();
    });
    const end = (): void => message.dispose();
    if (typeof hide === 'number') setTimeout(end, hide).unref();
    else hide?.then(end, end);
    return message;
  };
}
