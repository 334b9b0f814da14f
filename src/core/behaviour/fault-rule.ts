import { describeValue } from '../errors';
import { isRecord } from '../is-record';

export const FAULT_KINDS = ['drop', 'duplicate', 'reorder', 'delay'] as const;

/**
 * `drop`: the event is not sent; `duplicate`: it is sent twice; `reorder`: it is held until the next event of its thread
 * has gone out, at most `FAULT_LIMITS.holdMs`; `delay`: it is held for `ms`.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault made on purpose, between resolution and sending. It applies to an event that fits every filter it names. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Only events of this type. */
  readonly type?: string;
  /** Only events of this resolved thread. */
  readonly threadId?: string;
  readonly runId?: string;
  /** Only each n-th of the events that fit: 1 is each, 3 is the third, sixth ... */
  readonly everyNth?: number;
  /** How long to hold, in milliseconds; only with `delay`, which needs it. */
  readonly ms?: number;
  /** How often the rule applies; afterwards it rests. Without end when absent. */
  readonly count?: number;
}

/** Bounds of faults. `held`: events held at once; one more goes out unharmed. `heldBytes`: their bytes. */
export const FAULT_LIMITS = { rules: 32, idCharacters: 1_000, ms: 60_000, holdMs: 5_000, everyNth: 1_000_000, count: 1_000_000, held: 1_000, heldBytes: 16 * 1024 * 1024 } as const;

/** A list of fault rules that cannot be used; says where, what was expected and what came. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError';
  readonly reason = 'bad_fault';

  constructor(
    /** e.g. `faults[0].ms`. */
    readonly path: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${path}: expected ${expected}, received ${received}`);
  }
}

const TEXTS = ['type', 'threadId', 'runId'] as const;
const NUMBERS = { everyNth: FAULT_LIMITS.everyNth, ms: FAULT_LIMITS.ms, count: FAULT_LIMITS.count } as const;
const MEMBERS: readonly string[] = ['kind', ...TEXTS, ...Object.keys(NUMBERS)];

/**
 * Reads fault rules that come from outside.
 * @throws {FaultRuleError} for the first thing that is wrong.
 */
export function parseFaultRules(value: unknown, path = 'faults'): readonly FaultRule[] {
  if (!Array.isArray(value) || value.length > FAULT_LIMITS.rules) {
    throw new FaultRuleError(path, `a list of at most ${FAULT_LIMITS.rules} rules`, Array.isArray(value) ? `${value.length} rules` : describeValue(value));
  }
  return value.map((rule: unknown, i) => parseFaultRule(rule, `${path}[${i}]`));
}

/** Reads one fault rule. @throws {FaultRuleError} */
export function parseFaultRule(value: unknown, path = 'fault'): FaultRule {
  if (!isRecord(value)) throw new FaultRuleError(path, 'an object with "kind"', describeValue(value));
  for (const member of Object.keys(value)) {
    if (!MEMBERS.includes(member)) throw new FaultRuleError(`${path}.${member.slice(0, 40)}`, `one of ${MEMBERS.join(', ')}`, describeValue(member));
  }
  const kind = FAULT_KINDS.find((known) => known === value['kind']);
  if (kind === undefined) throw new FaultRuleError(`${path}.kind`, `one of ${FAULT_KINDS.join(', ')}`, describeValue(value['kind']));
  const rule: Record<string, string | number> = { kind };
  for (const name of TEXTS) {
    const text = value[name];
    if (text === undefined) continue;
    if (typeof text !== 'string' || text === '' || text.length > FAULT_LIMITS.idCharacters) {
      throw new FaultRuleError(`${path}.${name}`, `text of 1 to ${FAULT_LIMITS.idCharacters} characters`, describeValue(text));
    }
    rule[name] = text;
  }
  for (const [name, most] of Object.entries(NUMBERS)) {
    const number = value[name];
    if (number === undefined) continue;
    if (!Number.isInteger(number) || (number as number) < 1 || (number as number) > most) {
      throw new FaultRuleError(`${path}.${name}`, `an integer from 1 to ${most}`, describeValue(number));
    }
    rule[name] = number as number;
  }
  if (kind === 'delay' && rule['ms'] === undefined) throw new FaultRuleError(`${path}.ms`, 'the milliseconds to hold the event', 'undefined');
  if (kind !== 'delay' && rule['ms'] !== undefined) throw new FaultRuleError(`${path}.ms`, `no "ms" with ${kind}`, describeValue(rule['ms']));
  // Each member was checked above.
  return rule as unknown as FaultRule;
}

/** Whether a value from outside is a rule; `parseFaultRule` says why not. */
export function isFaultRule(value: unknown): value is FaultRule {
  try {
    parseFaultRule(value);
    return true;
  } catch {
    return false;
  }
}
