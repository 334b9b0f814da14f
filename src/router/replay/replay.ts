import { randomBytes } from 'node:crypto';
import { Reminter } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { RemintOption, ReplayedSide, ReplayOutcome, ReplayTiming } from '../../protocol/recording-task';
import { pause } from '../abortable';
import { checkSize, readRecording, type TaskControl } from '../recording/read-recording';
import { type ReplayPlan, ReplayPlanner, type ReplayStep } from './replay-plan';
import { ReplayRecord } from './replay-record';
import { ReplaySocket } from './replay-socket';
import { type ReplayTarget, ReplayTargetError } from './replay-target';
import { ReplayPace } from './replay-timing';
import { ReplayedClient } from './replayed-client';

/** After the last step, nothing more is expected when nothing came for so long, in milliseconds. */
const QUIET_MS = 300;
const MOST_PROBLEMS = 20;
/** What is sent is held in memory. */
const MOST_BYTES = 256 * 1024 * 1024;

export interface ReplayOptions extends TaskControl {
  readonly target: ReplayTarget;
  readonly side: ReplayedSide;
  readonly timing: ReplayTiming;
  /** Without it IDs stay as recorded. */
  readonly remint?: RemintOption | undefined;
  /** New file for what clients sent and got. */
  readonly record?: string | undefined;
  readonly version: string;
  /** Called when everything is through and the clients are still connected. */
  readonly beforeHangUp?: (() => Promise<void>) | undefined;
}

/**
 * Plays a recording to a server: agents, clients, or both, in the recorded order across all of them.
 * @throws {RecordingError}, {RecordingFileError} for the file, {ReplayTargetError} for the target
 */
export async function replay(path: string, options: ReplayOptions): Promise<ReplayOutcome> {
  return new Replay(path, options).run();
}

class Replay {
  private readonly clients = new Map<string, ReplayedClient>();
  private readonly receipts: Record<string, number> = {};
  private readonly problems: string[] = [];
  private agent: ReplaySocket | undefined;
  private readonly agentsGone = new AbortController();
  private record: ReplayRecord | undefined;
  private opened = 0;
  private clientMessages = 0;
  private agentEvents = 0;
  private received = 0;
  private lastReceivedAt = 0;
  private mint: Reminter | undefined;

  constructor(
    private readonly path: string,
    private readonly options: ReplayOptions,
  ) {}

  async run(): Promise<ReplayOutcome> {
    const { options } = this;
    const began = performance.now();
    const seed = options.remint && (options.remint.seed ?? randomBytes(8).toString('hex'));
    const signal = options.signal ?? new AbortController().signal;
    const plan = await this.plan(seed, signal);
    if (options.target.agentUrl === undefined && plan.steps.some(({ kind }) => kind === 'agent')) {
      throw new ReplayTargetError('no_agents', `expected a target that agents can connect to, such as http://127.0.0.1:8787, received ${options.target.clientUrl}; replay its clients only`);
    }
    let cancelled = false;
    try {
      if (options.record !== undefined) this.record = new ReplayRecord(options.record, options.target.clientUrl.split('?')[0] ?? '', options.version);
      await this.play(plan, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      cancelled = true;
    } finally {
      await this.hangUp(cancelled);
      this.record?.end();
      if (this.record?.problem !== undefined) this.problem(`${this.record.problem}; what was recorded until then is in the file`);
    }
    return {
      clients: this.opened, clientMessages: this.clientMessages, agentEvents: this.agentEvents, received: this.received,
      expected: [...plan.expected.values()].reduce((sum, count) => sum + count, 0), receipts: this.receipts, incomplete: plan.incomplete,
      durationMs: Math.round(performance.now() - began), ...(seed === undefined ? {} : { seed }), cancelled, problems: this.problems,
    };
  }

  private async plan(seed: string | undefined, signal: AbortSignal): Promise<ReplayPlan> {
    await checkSize(this.path, MOST_BYTES);
    const { header } = await readRecording(this.path, () => {}, { signal });
    const mint = seed === undefined ? undefined : new Reminter({ seed, shiftMs: Date.now() - Date.parse(header.created) });
    const planner = new ReplayPlanner(this.options.side);
    await readRecording(this.path, (entry) => {
      planner.take(entry);
      mint?.learn(entry);
    }, { signal });
    this.mint = mint;
    return planner.plan;
  }

  private async play(plan: ReplayPlan, signal: AbortSignal): Promise<void> {
    const { options } = this;
    if (plan.steps.some(({ kind }) => kind === 'agent')) await this.connectAgent();
    const pace = new ReplayPace(options.timing, AbortSignal.any([signal, this.agentsGone.signal]));
    for (const [done, step] of plan.steps.entries()) {
      options.progress?.(done, plan.steps.length);
      try {
        await pace.until(step.t);
      } catch (error) {
        if (signal.aborted) throw error;
        // Without the agents the rest would prove nothing.
        break;
      }
      await this.step(step);
    }
    options.progress?.(plan.steps.length, plan.steps.length);
    this.lastReceivedAt = performance.now();
    const expected = [...plan.expected.values()].reduce((sum, count) => sum + count, 0);
    // With all that was expected here a moment is enough to see whether more comes.
    while (performance.now() - this.lastReceivedAt < (this.received >= expected ? QUIET_MS / 6 : QUIET_MS)) await pause(10, signal);
    await options.beforeHangUp?.();
  }

  private async step(step: ReplayStep): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.open(step);
      case 'close': {
        const client = this.clients.get(step.connection);
        this.clients.delete(step.connection);
        return client?.close(step.code, step.reason);
      }
      case 'client': {
        const client = this.clients.get(step.connection);
        if (!client) return this.problem(`${step.connection} sends without being connected`);
        if (!client.isConnected) return this.problem(`${step.connection} was disconnected before it had sent everything`);
        this.clientMessages++;
        return client.send(this.bodyOf(step));
      }
      case 'agent': {
        const body = this.bodyOf(step);
        this.agentEvents++;
        this.record?.frame('in', undefined, Buffer.from(body), typeof body !== 'string');
        this.agent?.send(body);
        await this.agent?.settled();
      }
    }
  }

  private async open(step: Extract<ReplayStep, { readonly kind: 'open' }>): Promise<void> {
    const id = this.mint ? this.mint.id : (text: string): string => text;
    // Its ID opens again without having closed: one of the two would be left over.
    await this.clients.get(step.connection)?.leave();
    try {
      const client = await ReplayedClient.connect(this.options.target, {
        user: step.user === undefined ? undefined : id(step.user), threads: step.threads.map(id), subprotocol: step.subprotocol, name: id(step.connection), record: this.record,
        received: () => {
          this.received++;
          this.lastReceivedAt = performance.now();
        },
      });
      this.opened++;
      // The server names connections itself: what clients say of themselves has to follow.
      this.mint?.assign(step.connection, client.name);
      this.clients.set(step.connection, client);
    } catch (error) {
      this.problem(`${step.connection} could not connect: ${messageOf(error)}`);
    }
  }

  private async connectAgent(): Promise<void> {
    const { target } = this.options;
    try {
      this.agent = await ReplaySocket.open(target.agentUrl ?? '', [], target.token, {
        message: (data) => this.countReceipt(data.toString()),
        closed: (code, reason) => {
          if (!this.agent) return;
          this.agentsGone.abort();
          this.problem(`the agents were disconnected with ${code}${reason === '' ? '' : ` ${reason}`}: the replay ended there`);
        },
      });
    } catch (error) {
      throw new ReplayTargetError('bad_target', `agents could not connect to ${target.agentUrl}: ${messageOf(error)}`);
    }
  }

  private countReceipt(text: string): void {
    try {
      const { outcome } = JSON.parse(text) as { outcome?: unknown };
      if (outcome === 'delivered' || outcome === 'queued' || outcome === 'undeliverable' || outcome === 'rejected') this.receipts[outcome] = (this.receipts[outcome] ?? 0) + 1;
    } catch {
      // No receipt.
    }
  }

  private bodyOf(step: { readonly text?: string; readonly base64?: string }): string | Buffer {
    if (step.text === undefined) return Buffer.from(step.base64 ?? '', 'base64');
    return this.mint ? this.mint.body(step.text) : step.text;
  }

  private async hangUp(cancelled: boolean): Promise<void> {
    const { agent } = this;
    this.agent = undefined;
    if (cancelled) {
      for (const client of this.clients.values()) client.terminate();
      agent?.terminate();
    } else await Promise.all([...Array.from(this.clients.values(), (client) => client.leave()), agent?.close(1000, undefined)]);
    this.clients.clear();
  }

  private problem(text: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(text);
  }
}
