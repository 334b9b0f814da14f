/** Begins the line on which the suite in the window prints what it measured. */
export const TREE_IN_HOST = 'measured tree: ';

export interface TreeInHost {
  /** From the question for the roots to the last row built, in milliseconds. */
  readonly refreshes: readonly number[];
  /** From the change of the model to the last row built, in milliseconds. */
  readonly staleness: readonly number[];
  /** Rows built by the largest refresh. */
  readonly items: number;
}
