import type * as vscode from 'vscode';
import { type BreakpointInfo, type BreakpointRule, ruleProblem } from '../../protocol/breakpoints';
import type { Sources } from '../sources/sources';
import { TAP_SOURCE, type TapController } from './tap-controller';

const KEY = 'threadLens.tap.breakpoints';
const MOST = 50;

interface Kept {
  readonly rule: BreakpointRule;
  readonly enabled: boolean;
}

/** Brings the breakpoints of the last tap of this workspace to the next one. */
export class KeptBreakpoints implements vscode.Disposable {
  private readonly listeners: readonly vscode.Disposable[];
  /** The tap that has got them, by its URL: what it has is kept from then on. */
  private restored: string | undefined;
  private seen = -1;

  constructor(
    private readonly state: vscode.Memento,
    private readonly sources: Sources,
    private readonly controller: TapController,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listeners = [
      controller.onDidChangeState(() => {
        this.restored = undefined;
        if (controller.running) void this.restore(controller.running.url);
      }),
      sources.onDidChangeModel(() => this.keep()),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private async restore(url: string): Promise<void> {
    const client = this.sources.clientOf(TAP_SOURCE);
    try {
      for (const { rule, enabled } of readKept(this.state.get(KEY))) await client?.request('addBreakpoint', { rule, enabled });
      this.restored = url;
    } catch (error) {
      this.log.warn(`breakpoints were not restored: ${String(error)}`);
    }
  }

  private keep(): void {
    const { model, shown } = this.sources;
    if (this.restored === undefined || this.restored !== this.controller.running?.url || shown?.id !== TAP_SOURCE || model.holdingVersion === this.seen) return;
    // A tap that is shown again has not said yet which it has.
    if (!model.router) return;
    this.seen = model.holdingVersion;
    const kept = model.breakpoints.slice(0, MOST).map((breakpoint): Kept => ({ rule: ruleOf(breakpoint), enabled: breakpoint.enabled }));
    if (JSON.stringify(kept) !== JSON.stringify(this.state.get(KEY))) void this.state.update(KEY, kept);
  }
}

function ruleOf({ direction, type, threadId, runId, text }: BreakpointInfo): BreakpointRule {
  return {
    direction,
    ...(type === undefined ? {} : { type }),
    ...(threadId === undefined ? {} : { threadId }),
    ...(runId === undefined ? {} : { runId }),
    ...(text === undefined ? {} : { text }),
  };
}

/** What an earlier version, or somebody's hand, may have left there is checked. */
function readKept(value: unknown): readonly Kept[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST).filter((kept): kept is Kept => {
    if (typeof kept !== 'object' || kept === null || !('rule' in kept) || !('enabled' in kept)) return false;
    return typeof kept.enabled === 'boolean' && typeof kept.rule === 'object' && kept.rule !== null && ruleProblem(kept.rule) === undefined;
  });
}
