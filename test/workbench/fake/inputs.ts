import { extname } from 'node:path';
import type * as vscode from 'vscode';
import type { Answers, PickChoice } from './answers';
import { enums } from './enums';
import { Uri } from './uri';

export interface AskedInput {
  readonly kind: 'quickPick' | 'inputBox' | 'openDialog' | 'saveDialog';
  readonly title: string | undefined;
  readonly placeHolder: string | undefined;
  readonly prompt?: string | undefined;
  /** The value the input box starts with. */
  readonly value?: string | undefined;
  /** What the input box said of what was typed. */
  said?: string | undefined;
  /** The rows: label, then description. Separators are marked by dashes. */
  readonly items?: readonly string[];
}

type Item = string | vscode.QuickPickItem;

/**
 * Quick picks, input boxes and file dialogs, answered in the order the test scripted them. Without a scripted answer
 * the user presses Escape.
 */
export class Inputs {
  readonly asked: AskedInput[] = [];
  /** What `createQuickPick` and `createInputBox` have made, oldest first, for the test to drive. */
  readonly created: object[] = [];

  /** Until when input boxes stay open. */
  private held: Promise<void> | undefined;

  constructor(readonly answers: Answers) {}

  /** Leaves input boxes open until what it answers is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.held = promise;
    return resolve;
  }

  /** Picks the row with that label (icons may be left out), the rows of several, or the first that fits. */
  pick(choice: PickChoice | undefined): void {
    this.answers.add({ kind: 'pick', choice });
  }

  /** Types a text and presses Enter; undefined presses Escape. */
  type(text: string | undefined): void {
    this.answers.add({ kind: 'type', text });
  }

  /** Types what the input box is to refuse, and gives up with Escape. */
  typeRefused(text: string): void {
    this.answers.add({ kind: 'type', text, refused: true });
  }

  /** Presses Enter on what the input box starts with. */
  accept(): void {
    this.answers.add({ kind: 'accept' });
  }

  /** Chooses files in a dialog; no argument cancels it. */
  choose(...paths: string[]): void {
    this.answers.add({ kind: 'choose', paths: paths.length > 0 ? paths : undefined });
  }

  opened<T extends object>(input: T): T {
    this.created.push(input);
    return input;
  }

  /** The last input of that class (`QuickPick`, `InputBox`) the extension has made. */
  last<T extends object>(kind: abstract new (...args: never[]) => T): T {
    const input = this.created.findLast((candidate) => candidate instanceof kind);
    if (!input) throw new Error(`fake vscode: the extension has created no ${kind.name}`);
    return input as T;
  }

  showQuickPick = async (
    source: readonly Item[] | PromiseLike<readonly Item[]>,
    options: vscode.QuickPickOptions = {},
    token?: vscode.CancellationToken,
  ): Promise<Item | Item[] | undefined> => {
    const items = await source;
    if (token?.isCancellationRequested) return undefined;
    const { title, placeHolder } = options;
    this.asked.push({ kind: 'quickPick', title, placeHolder, items: items.map(describeRow) });
    const choice = this.answers.take(`a quick pick (${title ?? placeHolder ?? ''})`, 'pick')?.choice;
    if (choice === undefined) return undefined;
    const picked = this.rowsOf(items, choice);
    for (const item of picked) options.onDidSelectItem?.(item);
    return options.canPickMany === true ? picked : picked[0];
  };

  showInputBox = async (options: vscode.InputBoxOptions = {}, token?: vscode.CancellationToken): Promise<string | undefined> => {
    if (token?.isCancellationRequested) return undefined;
    const { title, placeHolder, prompt, value = '' } = options;
    const asked: AskedInput = { kind: 'inputBox', title, placeHolder, prompt, value };
    this.asked.push(asked);
    await options.validateInput?.(value);
    await this.held;
    const answer = this.answers.take(`an input box (${title ?? prompt ?? ''})`, 'type', 'accept');
    const text = answer?.kind === 'accept' ? value : answer?.text;
    if (text === undefined) return undefined;
    const said = await options.validateInput?.(text);
    asked.said = typeof said === 'object' ? said?.message : said;
    const problem = errorOf(said);
    const refused = answer?.kind === 'type' && answer.refused === true;
    if (refused && problem === undefined) this.answers.fail(`the input box (${title ?? ''}) takes "${text}"`);
    if (refused) return undefined;
    return problem === undefined ? text : this.answers.fail(`the input box (${title ?? ''}) refuses "${text}": ${problem}`);
  };

  showOpenDialog = async (options: vscode.OpenDialogOptions = {}): Promise<vscode.Uri[] | undefined> => {
    this.asked.push({ kind: 'openDialog', title: options.title, placeHolder: undefined });
    const paths = this.answers.take(`an open dialog (${options.title ?? ''})`, 'choose')?.paths;
    return paths?.map((path) => Uri.file(path));
  };

  showSaveDialog = async (options: vscode.SaveDialogOptions = {}): Promise<vscode.Uri | undefined> => {
    this.asked.push({ kind: 'saveDialog', title: options.title, placeHolder: undefined });
    const path = this.answers.take(`a save dialog (${options.title ?? ''})`, 'choose')?.paths?.[0];
    return path === undefined ? undefined : Uri.file(withEnding(path, Object.values(options.filters ?? {}).flat()));
  };

  /** The rows a choice means. */
  rowsOf<T extends Item>(items: readonly T[], choice: PickChoice): T[] {
    const rows = items.filter((item) => !isSeparator(item));
    const wanted = typeof choice === 'object' ? choice : [choice];
    return wanted.map((one) => {
      const row = rows.find((item) => fits(item, one));
      return (
        row ?? this.answers.fail(`no row ${typeof one === 'string' ? `"${one}"` : 'fits'}; there are ${JSON.stringify(rows.map(labelOf))}`)
      );
    });
  }
}

/** As the dialog of browser and remote windows: it looks at the last part of a name only, and appends the first ending of the filter. */
function withEnding(path: string, endings: readonly string[]): string {
  const [first] = endings;
  return first === undefined || endings.includes(extname(path).slice(1)) ? path : `${path}.${first}`;
}

function describeRow(item: Item): string {
  if (typeof item === 'string') return item;
  if (isSeparator(item)) return `--- ${item.label}`;
  return [item.label, item.description, item.detail].filter((part) => part !== undefined && part !== '').join('  ');
}

/** The text that keeps an input from being accepted. */
export function errorOf(message: string | vscode.InputBoxValidationMessage | null | undefined): string | undefined {
  if (message === null || message === undefined || message === '') return undefined;
  if (typeof message === 'string') return message;
  return message.severity === enums.InputBoxValidationSeverity.Error ? message.message : undefined;
}

function labelOf(item: Item): string {
  return typeof item === 'string' ? item : item.label;
}

function isSeparator(item: Item): boolean {
  return typeof item === 'object' && item.kind === enums.QuickPickItemKind.Separator;
}

function fits(item: Item, choice: Exclude<PickChoice, readonly string[]>): boolean {
  const label = labelOf(item);
  if (typeof choice === 'string') return label === choice || label.replaceAll(/\$\([^)]*\)\s*/g, '') === choice;
  return choice(typeof item === 'string' ? { label: item } : item);
}
