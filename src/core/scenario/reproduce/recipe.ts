import type { FaultId } from '../../diagnosis/catalogue';
import type { Scenario, ScenarioVariant } from '../scenario';
import type { Facts } from './facts';

/** How a fault is made to happen, and how it is cured. */
export interface Made extends Pick<Scenario, 'router' | 'clients' | 'steps' | 'expect'> {
  readonly facts: Facts;
  /** The fault that the run shows, where it is not that of the diagnosis but has its effect. */
  readonly shows?: FaultId;
  /** IDs beside `T` and `R`, which they may use. */
  readonly moreIds?: Readonly<Record<string, string>>;
  readonly fault: ScenarioVariant;
  readonly fix: ScenarioVariant;
}

/** Undefined when this diagnosis tells too little, or what it tells does not fail in the router. */
export type Recipe = (diagnosis: Facts['diagnosis']) => Made | undefined;

export type Recipes = { readonly [F in FaultId]?: Recipe };
