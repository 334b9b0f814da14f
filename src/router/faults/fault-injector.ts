import type { FaultKind, FaultRule } from '../../core/index';

/** A rule that applies to an event. */
export interface AppliedFault {
  readonly kind: FaultKind;
  /** How long to hold, in milliseconds; with `delay`. */
  readonly ms: number;
  /** How the delivery names it, e.g. `Fault delay (rule 2)`. */
  readonly name: string;
}

interface Counted {
  readonly rule: FaultRule;
  /** Events that fitted. */
  seen: number;
  applied: number;
}

/** Decides which events get a fault: the first rule that applies counts. */
export class FaultInjector {
  private readonly rules: readonly Counted[];

  constructor(rules: readonly FaultRule[]) {
    this.rules = rules.map((rule) => ({ rule, seen: 0, applied: 0 }));
  }

  /** @param mayReorder false while an event of the thread is already held back to change places. */
  judge(type: string, threadId: string, runId: string, mayReorder: boolean): AppliedFault | undefined {
    for (const [i, counted] of this.rules.entries()) {
      const { rule } = counted;
      if (rule.type !== undefined && rule.type !== type) continue;
      if (rule.threadId !== undefined && rule.threadId !== threadId) continue;
      if (rule.runId !== undefined && rule.runId !== runId) continue;
      if (rule.kind === 'reorder' && !mayReorder) continue;
      if (counted.applied >= (rule.count ?? Infinity)) continue;
      counted.seen++;
      if (counted.seen % (rule.everyNth ?? 1) !== 0) continue;
      counted.applied++;
      return { kind: rule.kind, ms: rule.ms ?? 0, name: `Fault ${rule.kind} (rule ${i + 1})` };
    }
    return undefined;
  }
}
