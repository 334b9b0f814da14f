import type { Ledger } from './ledger';

export type PickChoice = string | readonly string[] | ((item: { label: string; description?: string }) => boolean);

export type InputAnswer =
  | { readonly kind: 'pick'; readonly choice: PickChoice | undefined }
  | { readonly kind: 'type'; readonly text: string | undefined; readonly refused?: boolean }
  | { readonly kind: 'accept' }
  | { readonly kind: 'choose'; readonly paths: readonly string[] | undefined };

/** What the user will answer to the coming inputs, in order. */
export class Answers {
  private readonly queue: InputAnswer[] = [];

  constructor(private readonly ledger: Ledger) {}

  add(answer: InputAnswer): void {
    this.queue.push(answer);
  }

  get next(): InputAnswer | undefined {
    return this.queue[0];
  }

  /** Takes the next answer if it is of a kind that fits; undefined when nothing is scripted, which is Escape. */
  take<K extends InputAnswer['kind']>(asked: string, ...kinds: K[]): Extract<InputAnswer, { kind: K }> | undefined {
    const answer = this.queue.shift();
    if (!answer) return undefined;
    if ((kinds as string[]).includes(answer.kind)) return answer as Extract<InputAnswer, { kind: K }>;
    return this.fail(`${asked} was asked for, but the test's next answer is ${JSON.stringify(answer)}`);
  }

  unused(): string[] {
    return this.queue.map((answer) => `the answer ${JSON.stringify(answer)} was never asked for`);
  }

  /** Fails the test: at once where the extension does not catch it, and at `dispose` in any case. */
  fail(text: string): never {
    this.ledger.problem(text);
    throw new Error(`fake vscode: ${text}`);
  }
}
