import type * as vscode from 'vscode';
import type { Answers } from './answers';

export type Severity = 'information' | 'warning' | 'error';

export interface ShownMessage {
  readonly severity: Severity;
  readonly message: string;
  readonly detail: string | undefined;
  readonly modal: boolean;
  readonly items: readonly string[];
  /** The title of the button that was clicked; undefined while open or when dismissed. */
  answer: string | undefined;
}

type Item = string | vscode.MessageItem;

/**
 * Notifications and modal dialogs. `answer` says beforehand which button the user will click; what nobody answers is
 * dismissed at once.
 */
export class Messages {
  readonly shown: ShownMessage[] = [];
  private readonly held: { readonly to: RegExp; readonly until: Promise<void> }[] = [];
  private readonly answers: { readonly button: string | undefined; readonly to: RegExp | undefined }[] = [];

  constructor(private readonly script: Answers) {}

  /** Clicks that button of the next message with buttons, or of the next whose text matches; undefined dismisses it. */
  answer(button: string | undefined, options: { to?: RegExp } = {}): void {
    this.answers.push({ button, to: options.to });
  }

  /** Leaves messages whose text matches open until what it answers is called. */
  hold(to: RegExp): () => void {
    const { promise: until, resolve } = Promise.withResolvers<void>();
    this.held.push({ to, until });
    return resolve;
  }

  /** The texts shown, oldest first, e.g. `error: The router crashed [Restart] [Show Log]`. */
  get texts(): string[] {
    return this.shown.map(({ severity, message, items }) => [`${severity}: ${message}`, ...items.map((item) => `[${item}]`)].join(' '));
  }

  unused(): string[] {
    return this.answers.map(({ button }) => `the answer "${button}" to a message was never asked for`);
  }

  show = async (severity: Severity, message: string, ...rest: unknown[]): Promise<Item | undefined> => {
    const options = isOptions(rest[0]) ? (rest.shift() as vscode.MessageOptions) : {};
    const items = rest as Item[];
    const titles = items.map(titleOf);
    const shown: ShownMessage = {
      severity,
      message,
      detail: options.detail,
      modal: options.modal === true,
      items: titles,
      answer: undefined,
    };
    this.shown.push(shown);
    // Nobody clicks in the same turn.
    await new Promise((resolve) => setImmediate(resolve));
    await this.held.find(({ to }) => to.test(message))?.until;
    const clicked = this.take(shown);
    if (clicked === undefined) return shown.modal ? items.find(isCloseAffordance) : undefined;
    shown.answer = clicked;
    return items[titles.indexOf(clicked)];
  };

  private take(shown: ShownMessage): string | undefined {
    const index = this.answers.findIndex(({ to }) => (to ? to.test(shown.message) : shown.items.length > 0));
    const [answer] = index < 0 ? [] : this.answers.splice(index, 1);
    if (answer?.button === undefined) return undefined;
    if (shown.items.includes(answer.button)) return answer.button;
    return this.script.fail(
      `the message "${shown.message}" has no button "${answer.button}", it has ${JSON.stringify(shown.items)}`,
    );
  }
}

function titleOf(item: Item): string {
  return typeof item === 'string' ? item : item.title;
}

function isCloseAffordance(item: Item): boolean {
  return typeof item === 'object' && item.isCloseAffordance === true;
}

/** As VS Code tells them apart: options have no title. */
function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !('title' in value);
}
