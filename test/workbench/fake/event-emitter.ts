import type * as vscode from 'vscode';
import { Disposable } from './disposable';
import { describeError, type Ledger } from './ledger';

interface Subscription<T> {
  readonly call: (event: T) => unknown;
  readonly entry: vscode.Disposable;
  active: boolean;
}

/**
 * Events as VS Code delivers them: at once and in order of subscription; a listener that throws keeps nobody else from
 * hearing; an event fired by a listener comes after everybody has heard the one before; after `dispose` nothing is heard.
 */
export class Emitter<T> implements vscode.EventEmitter<T> {
  private subscriptions: Subscription<T>[] = [];
  private readonly queue: { subscription: Subscription<T>; event: T }[] = [];
  private disposed = false;

  readonly event: vscode.Event<T>;

  constructor(
    private readonly ledger: Ledger,
    private readonly name: string,
  ) {
    this.event = (listener, thisArgs?: unknown, disposables?: vscode.Disposable[]) => {
      if (this.disposed) return new Disposable(() => undefined);
      const entry = ledger.enter(`listener of ${name}`);
      const subscription: Subscription<T> = { call: (event) => listener.call(thisArgs, event), entry, active: true };
      this.subscriptions.push(subscription);
      const disposable = new Disposable(() => {
        this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
        end(subscription);
      });
      disposables?.push(disposable);
      return disposable;
    };
  }

  get listeners(): number {
    return this.subscriptions.length;
  }

  fire(event: T): void {
    this.deliver();
    for (const subscription of this.subscriptions) this.queue.push({ subscription, event });
    this.deliver();
  }

  dispose(): void {
    this.disposed = true;
    for (const subscription of this.subscriptions) end(subscription);
    this.subscriptions = [];
  }

  /** Empties the queue. A nested `fire` comes here first and so finishes the outer event before its own. */
  private deliver(): void {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { subscription, event } = next;
      if (!subscription.active) continue;
      try {
        subscription.call(event);
      } catch (error) {
        this.ledger.problem(`a listener of ${this.name} threw ${describeError(error)}`);
      }
    }
  }
}

function end(subscription: Subscription<never>): void {
  subscription.active = false;
  subscription.entry.dispose();
}

/** The `EventEmitter` class extensions get: listeners they forget show up in the ledger. */
export function eventEmitterClass(ledger: Ledger): typeof vscode.EventEmitter {
  return class EventEmitter<T> extends Emitter<T> {
    constructor() {
      super(ledger, 'an EventEmitter of the extension');
    }
  };
}
