import { redactText } from '../events/redact-text';
import { FAULT_ORDER, FAULTS, type FaultId, NOISE } from './catalogue';
import type { Diagnosis, Evidence, Severity } from './diagnosis';
import type { NearMiss } from './near-misses';

/** What a detector found, once. */
export interface Finding {
  readonly id: FaultId;
  /** Findings of one fault with one key are one diagnosis, e.g. the thread they are about. */
  readonly key: string;
  /** One sentence. */
  readonly verdict: string;
  readonly confidence: number;
  readonly inferred?: boolean;
  /** Rows of the catalogue besides that of the fault. */
  readonly also?: readonly string[];
  readonly severity?: Severity;
  readonly threadId?: string | undefined;
  readonly runId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly userId?: string | undefined;
  readonly expected?: string;
  readonly received?: string;
  readonly nearMisses?: readonly NearMiss[];
  readonly noise?: boolean;
}

interface Group {
  finding: Finding;
  readonly rows: Set<string>;
  readonly evidence: Evidence[];
  count: number;
  /** Line of the occurrence that was counted last: two detectors may see one fault in one line. */
  countedLine: number | undefined;
}

const MOST_GROUPS = 2000;
const MOST_EVIDENCE = 8;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information'];

/** Gathers findings by fault and thread, and ranks them. Bounded: the first 2,000 groups, eight places each. */
export class Findings {
  private readonly groups = new Map<string, Group>();
  /** Occurrences of further faults that were not kept. */
  dropped = 0;

  private static name(id: FaultId, key: string): string {
    return `${id}\n${key}`;
  }

  /** Adds one occurrence. A finding that is surer of itself replaces what its group says. */
  add(finding: Finding, evidence?: Evidence): void {
    const name = Findings.name(finding.id, finding.key);
    let group = this.groups.get(name);
    if (group === undefined) {
      if (this.groups.size >= MOST_GROUPS) {
        this.dropped++;
        return;
      }
      group = { finding, rows: new Set(FAULTS[finding.id].catalogue === '' ? [] : [FAULTS[finding.id].catalogue]), evidence: [], count: 0, countedLine: undefined };
      this.groups.set(name, group);
    } else if (finding.confidence > group.finding.confidence) group.finding = { ...group.finding, ...finding };
    for (const row of finding.also ?? []) group.rows.add(row);
    if (evidence?.line === undefined || evidence.line !== group.countedLine) group.count++;
    group.countedLine = evidence?.line;
    if (evidence !== undefined) this.addEvidence(group, evidence);
  }

  private addEvidence(group: Group, evidence: Evidence): void {
    if (group.evidence.length >= MOST_EVIDENCE) return;
    if (group.evidence.some((known) => known.line === evidence.line && known.offset === evidence.offset)) return;
    // What is kept is shown: secrets stay out of it. Places still count in the line as it was.
    group.evidence.push({ ...evidence, text: redactText(evidence.text) });
  }

  /** Adds a place to a finding without counting it again. */
  support(finding: Pick<Finding, 'id' | 'key'>, evidence: Evidence): void {
    const group = this.groups.get(Findings.name(finding.id, finding.key));
    if (group !== undefined) this.addEvidence(group, evidence);
  }

  /** What was taken for one fault turns out to be another: its evidence and count go along. */
  turn(id: FaultId, key: string, finding: Finding, evidence?: Evidence): boolean {
    const name = Findings.name(id, key);
    const group = this.groups.get(name);
    if (group === undefined) return false;
    this.groups.delete(name);
    this.add(finding, undefined);
    const turned = this.groups.get(Findings.name(finding.id, finding.key));
    if (turned === undefined) return false;
    turned.count += group.count - 1;
    for (const place of group.evidence) this.addEvidence(turned, place);
    if (evidence !== undefined) this.addEvidence(turned, evidence);
    return true;
  }

  /** The diagnoses, most explanatory first, noise last. */
  diagnoses(): Diagnosis[] {
    return [...this.groups.values()].map((group) => toDiagnosis(group)).sort(compare);
  }
}

function compare(a: Diagnosis, b: Diagnosis): number {
  return (
    Number(a.noise) - Number(b.noise) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(a.confidence < 0.5) - Number(b.confidence < 0.5) ||
    (FAULT_ORDER.get(a.id) ?? 0) - (FAULT_ORDER.get(b.id) ?? 0) ||
    b.count - a.count ||
    b.confidence - a.confidence ||
    (a.evidence[0]?.line ?? 0) - (b.evidence[0]?.line ?? 0)
  );
}

function toDiagnosis({ finding, rows, evidence, count }: Group): Diagnosis {
  const fault = FAULTS[finding.id];
  const { threadId, runId, connectionId, userId } = finding;
  return {
    id: finding.id,
    catalogue: [...rows],
    title: fault.title,
    severity: finding.severity ?? fault.severity,
    confidence: finding.confidence,
    inferred: finding.inferred ?? false,
    verdict: finding.verdict,
    cause: fault.cause,
    evidence: evidence.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    count,
    ...(threadId === undefined ? {} : { threadId }),
    ...(runId === undefined ? {} : { runId }),
    ...(connectionId === undefined ? {} : { connectionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(finding.expected === undefined ? {} : { expected: finding.expected }),
    ...(finding.received === undefined ? {} : { received: finding.received }),
    nearMisses: finding.nearMisses ?? [],
    actions: fault.actions.map(([text, code]) => (code === undefined ? { text } : { text, code })),
    noise: finding.noise ?? NOISE.has(finding.id),
  };
}
