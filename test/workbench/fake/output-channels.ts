import { formatWithOptions } from 'node:util';
import type * as vscode from 'vscode';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';

export type LogLevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevelName;
  readonly text: string;
}

const LEVELS: readonly LogLevelName[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** One output channel: what was written to it, and whether it was brought up. */
export class OutputChannel implements vscode.LogOutputChannel {
  /** Lines of a log channel. */
  readonly lines: LogLine[] = [];
  /** Text of a channel that is no log. */
  text = '';
  visible = false;
  private closed = false;
  private level: vscode.LogLevel;
  private readonly changedLevel: Emitter<vscode.LogLevel>;
  private readonly entry: vscode.Disposable;

  readonly onDidChangeLogLevel: vscode.Event<vscode.LogLevel>;

  constructor(
    ledger: Ledger,
    readonly name: string,
    readonly isLog: boolean,
    level: vscode.LogLevel,
    private readonly onDispose: () => void,
  ) {
    this.level = level;
    this.entry = ledger.enter(`output channel ${name}`);
    this.changedLevel = new Emitter(ledger, `${name} onDidChangeLogLevel`);
    this.onDidChangeLogLevel = this.changedLevel.event;
  }

  get logLevel(): vscode.LogLevel {
    return this.level;
  }

  /** Sets the level as a user does; lines below it are not written. */
  setLogLevel(level: vscode.LogLevel): void {
    this.level = level;
    this.changedLevel.fire(level);
  }

  trace(message: string, ...args: unknown[]): void {
    this.log('trace', message, args);
  }

  debug(message: string, ...args: unknown[]): void {
    this.log('debug', message, args);
  }

  info(message: string, ...args: unknown[]): void {
    this.log('info', message, args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.log('warn', message, args);
  }

  error(message: string | Error, ...args: unknown[]): void {
    this.log('error', message instanceof Error ? (message.stack ?? message.message) : message, args);
  }

  append(value: string): void {
    this.mustBeOpen();
    if (this.isLog) this.info(value);
    else this.text += value;
  }

  appendLine(value: string): void {
    this.append(this.isLog ? value : `${value}\n`);
  }

  replace(value: string): void {
    this.clear();
    this.append(value);
  }

  clear(): void {
    this.mustBeOpen();
    this.text = '';
    this.lines.length = 0;
  }

  show(): void {
    this.mustBeOpen();
    this.visible = true;
  }

  hide(): void {
    this.mustBeOpen();
    this.visible = false;
  }

  dispose(): void {
    this.closed = true;
    this.visible = false;
    this.changedLevel.dispose();
    this.entry.dispose();
    this.onDispose();
  }

  private log(level: LogLevelName, message: string, args: readonly unknown[]): void {
    this.mustBeOpen();
    // LogLevel counts from Trace = 1; Off = 0 lets nothing through.
    if (this.level === enums.LogLevel.Off || LEVELS.indexOf(level) < this.level - 1) return;
    this.lines.push({ level, text: formatWithOptions({ colors: false }, '%s', message, ...args) });
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error('Channel has been closed');
  }
}

/** The channels of the extension; those it has closed stay readable. */
export class OutputChannels {
  private readonly all = new Map<string, OutputChannel>();

  constructor(
    private readonly ledger: Ledger,
    private readonly level: vscode.LogLevel,
  ) {}

  channel(name: string): OutputChannel {
    const channel = this.all.get(name);
    if (!channel) throw new Error(`fake vscode: the extension has created no output channel ${name}`);
    return channel;
  }

  /** The lines of a log channel, e.g. `info: The router listens on 8787`. */
  log(name: string): string[] {
    return this.channel(name).lines.map(({ level, text }) => `${level}: ${text}`);
  }

  create = (name: string, options?: string | { readonly log: true }): OutputChannel => {
    if (name.trim() === '') throw new Error('illegal argument `name`. must not be falsy');
    const channel = new OutputChannel(this.ledger, name, typeof options === 'object', this.level, () => undefined);
    this.all.set(name, channel);
    return channel;
  };
}
