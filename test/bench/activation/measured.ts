/** Begins the line on which the suite in the window prints what it measured. */
export const MEASURED = 'measured activation: ';
/** An extension that does nothing: what any activation costs in this window. */
export const BASELINE_ID = 'baseline.does-nothing';

export interface Activation {
  /** From the call of `activate()` to its answer, file read and compile included. */
  readonly ms: number;
  /** Growth of the heap meanwhile, in MiB. */
  readonly heapMb: number;
}

export interface Activations {
  readonly baseline: Activation;
  readonly own: Activation;
}
