/** Begins the line on which the suite in the window prints what it measured. */
export const HOST_LOAD = 'measured host load: ';
/** Relative to the extension's folder. */
export const LOAD_PROCESS = 'test/bench/host-load/load-process.mjs';
/** Events a second, and for how long. */
export const RATE = 2000;
export const SECONDS = 10;

export interface HostLoad {
  /** Delay of the extension host's event loop, 99th percentile, in milliseconds: before, and under the load. */
  readonly idleP99: number;
  readonly loadedP99: number;
  readonly sent: number;
  readonly received: number;
}
