import type { ShapeProblem } from '../core/json/json-shape';
import type { ScenarioReport } from '../core/scenario/report';
import type { VariantName } from '../core/scenario/scenario';

/**
 * What passes between the workbench and the worker thread that runs one scenario. The worker's `workerData` is a `ScenarioStart`; the worker
 * answers with `progress` and, at the end, one of the others.
 */
export interface ScenarioStart {
  readonly kind: 'thread-lens-scenario';
  /** The JSON text of the scenario. */
  readonly text: string;
  readonly variant?: VariantName;
  /** How many times shorter pauses are than written. */
  readonly speed?: number;
}

export type ScenarioToHost =
  | { readonly kind: 'progress'; readonly variant?: VariantName; readonly done: number; readonly total: number; readonly step: string }
  /** `markdown` is the report for people. */
  | { readonly kind: 'report'; readonly report: ScenarioReport; readonly markdown: string }
  /** The text is no scenario. */
  | { readonly kind: 'invalid'; readonly problems: readonly ShapeProblem[] }
  | { readonly kind: 'failed'; readonly message: string };

export interface HostToScenario {
  readonly kind: 'cancel';
}
