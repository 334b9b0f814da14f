import type { Diagnosis } from '../diagnosis/diagnosis';
import { LogAnalyser } from '../diagnosis/log-analyser';
import type { FoundFault } from './report';

/** What one client heard and said, as JSON texts in order. */
export type Wire = readonly string[];

/**
 * The faults that the log doctor finds: in the backend's lines, and in what passed between the backend and each client (each for itself: the
 * same event at two clients is no duplicate). Noise and mere information are left out.
 */
export function diagnoseRun(log: readonly string[], wires: Iterable<Wire>): FoundFault[] {
  const found = new Map<string, FoundFault>();
  const take = (diagnoses: readonly Diagnosis[]): void => {
    for (const { id, title, severity, verdict, noise } of diagnoses) if (!noise && !found.has(id)) found.set(id, { id, title, severity, verdict });
  };
  take(analyse(log));
  for (const wire of wires) take(analyse(wire));
  return [...found.values()];
}

function analyse(lines: readonly string[]): Diagnosis[] {
  const analyser = new LogAnalyser();
  lines.forEach((line, i) => analyser.add(line, i + 1));
  return analyser.finish();
}
