/**
 * What passes between the workbench and the router's worker thread beside the inspection protocol. The worker's
 * `workerData` is a `RouterStart`; the worker answers with one `started` or `failed`, then carries inspection texts.
 */
export interface RouterStart {
  readonly kind: 'thread-lens-router';
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly token: string;
  readonly allowedOrigins: readonly string[];
  readonly dialect: string;
  readonly version: string;
  /** `strict` by default. */
  readonly profile?: string;
  /** Behaviours of the original to turn on or off beside the profile. */
  readonly behaviours?: Readonly<Record<string, boolean>>;
  /** File of the durable state; in memory without it. */
  readonly store?: string;
  readonly limits?: Readonly<Record<string, number>>;
}

export type WorkerToHost =
  | { readonly kind: 'started'; readonly url: string; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'inspection'; readonly text: string }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly kind: 'stopped' };

export type HostToWorker = { readonly kind: 'inspection'; readonly text: string } | { readonly kind: 'stop' };
