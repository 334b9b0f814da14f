import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import { errorOf, type Inputs } from './inputs';
import type { Ledger } from './ledger';

/** What `QuickPick` and `InputBox` have in common. */
class QuickInput {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  placeholder: string | undefined;
  enabled = true;
  busy = false;
  ignoreFocusOut = false;
  buttons: readonly vscode.QuickInputButton[] = [];
  visible = false;
  protected text = '';
  protected readonly emitters: Emitter<never>[] = [];
  private readonly entry: vscode.Disposable;
  private readonly accepted: Emitter<void>;
  private readonly changedValue: Emitter<string>;
  private readonly hidden: Emitter<void>;
  private readonly pressed: Emitter<vscode.QuickInputButton>;

  readonly onDidAccept: vscode.Event<void>;
  readonly onDidChangeValue: vscode.Event<string>;
  readonly onDidHide: vscode.Event<void>;
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;

  constructor(
    private readonly ledger: Ledger,
    private readonly kind: string,
  ) {
    this.entry = ledger.enter(kind);
    this.accepted = this.emitter('onDidAccept');
    this.changedValue = this.emitter('onDidChangeValue');
    this.hidden = this.emitter('onDidHide');
    this.pressed = this.emitter('onDidTriggerButton');
    this.onDidAccept = this.accepted.event;
    this.onDidChangeValue = this.changedValue.event;
    this.onDidHide = this.hidden.event;
    this.onDidTriggerButton = this.pressed.event;
  }

  get value(): string {
    return this.text;
  }

  set value(text: string) {
    this.text = text;
  }

  show(): void {
    this.visible = true;
  }

  hide(): void {
    if (!this.visible) return;
    this.visible = false;
    this.hidden.fire();
  }

  dispose(): void {
    this.hide();
    for (const emitter of this.emitters) emitter.dispose();
    this.entry.dispose();
  }

  /** The user types: the whole text of the field. */
  userTypes(text: string): void {
    this.mustBeVisible();
    this.text = text;
    this.changedValue.fire(text);
  }

  /** The user presses Enter. */
  userAccepts(): void {
    this.mustBeVisible();
    this.accepted.fire();
  }

  /** The user presses a button of the title, by its tooltip. */
  userPresses(tooltip: string): void {
    this.mustBeVisible();
    const button = this.buttons.find((candidate) => candidate.tooltip === tooltip);
    if (!button) throw new Error(`fake vscode: the ${this.kind} has no button "${tooltip}"`);
    this.pressed.fire(button);
  }

  protected emitter<T>(name: string): Emitter<T> {
    const emitter = new Emitter<T>(this.ledger, `${this.kind} ${name}`);
    this.emitters.push(emitter as unknown as Emitter<never>);
    return emitter;
  }

  private mustBeVisible(): void {
    if (!this.visible) throw new Error(`fake vscode: the ${this.kind} is not visible`);
  }
}

/** `vscode.QuickPick`. It stays open for the test to drive; a scripted `pick` is taken once its row is there. */
export class QuickPick<T extends vscode.QuickPickItem> extends QuickInput {
  canSelectMany = false;
  matchOnDescription = false;
  matchOnDetail = false;
  keepScrollPosition = false;
  private rows: readonly T[] = [];
  private active: readonly T[] = [];
  private selected: readonly T[] = [];
  private readonly changedActive: Emitter<readonly T[]>;
  private readonly changedSelection: Emitter<readonly T[]>;
  private readonly itemButton: Emitter<vscode.QuickPickItemButtonEvent<T>>;

  readonly onDidChangeActive: vscode.Event<readonly T[]>;
  readonly onDidChangeSelection: vscode.Event<readonly T[]>;
  readonly onDidTriggerItemButton: vscode.Event<vscode.QuickPickItemButtonEvent<T>>;

  constructor(
    ledger: Ledger,
    private readonly inputs: Inputs,
  ) {
    super(ledger, 'quick pick');
    this.changedActive = this.emitter('onDidChangeActive');
    this.changedSelection = this.emitter('onDidChangeSelection');
    this.itemButton = this.emitter('onDidTriggerItemButton');
    this.onDidChangeActive = this.changedActive.event;
    this.onDidChangeSelection = this.changedSelection.event;
    this.onDidTriggerItemButton = this.itemButton.event;
  }

  get items(): readonly T[] {
    return this.rows;
  }

  set items(items: readonly T[]) {
    this.rows = items;
    this.answerSoon();
  }

  get activeItems(): readonly T[] {
    return this.active;
  }

  set activeItems(items: readonly T[]) {
    this.active = items;
    this.changedActive.fire(items);
  }

  get selectedItems(): readonly T[] {
    return this.selected;
  }

  set selectedItems(items: readonly T[]) {
    this.selected = items;
    this.changedSelection.fire(items);
  }

  override show(): void {
    super.show();
    this.answerSoon();
  }

  /** The user chooses rows and presses Enter. */
  userPicks(...labels: string[]): void {
    this.choose(this.inputs.rowsOf(this.rows, labels));
  }

  /** The user presses a button of a row, by its tooltip. */
  userPressesOn(label: string, tooltip: string): void {
    const [item] = this.inputs.rowsOf(this.rows, label);
    const button = item?.buttons?.find((candidate) => candidate.tooltip === tooltip);
    if (!item || !button) throw new Error(`fake vscode: the row "${label}" has no button "${tooltip}"`);
    this.itemButton.fire({ item, button });
  }

  private choose(items: readonly T[]): void {
    this.activeItems = items.slice(0, 1);
    this.selectedItems = items;
    this.userAccepts();
  }

  private answerSoon(): void {
    setImmediate(() => {
      const { next } = this.inputs.answers;
      if (!this.visible || this.rows.length === 0 || next?.kind !== 'pick') return;
      this.inputs.answers.take('a quick pick', 'pick');
      if (next.choice === undefined) this.hide();
      else this.choose(this.inputs.rowsOf(this.rows, next.choice));
    });
  }
}

/** `vscode.InputBox`. It stays open for the test to drive. */
export class InputBox extends QuickInput {
  prompt: string | undefined;
  password = false;
  valueSelection: readonly [number, number] | undefined;
  validationMessage: string | vscode.InputBoxValidationMessage | undefined;

  constructor(ledger: Ledger) {
    super(ledger, 'input box');
  }

  /** The text that tells the user what is wrong, if anything is. */
  get problem(): string | undefined {
    return errorOf(this.validationMessage);
  }
}
