/** Begins the line on which the suite in the window prints what it measured. */
export const MEASURED = 'measured activation: ';

export interface Activation {
  /** The window activated the extension before it could be measured; such a figure does not count. */
  readonly wasActive: boolean;
  /** From the call of `activate()` to its answer, file read and compile included. */
  readonly ms: number;
  /** Growth of the heap meanwhile, in MiB. */
  readonly heapMb: number;
}
