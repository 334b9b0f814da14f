/**
 * What passes between the workbench and the router's worker thread beside the inspection protocol. The worker's
 * `workerData` is a `RouterStart` or a `TapStart`; the worker answers with one `started` or `failed`, then carries inspection texts.
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

/** `workerData` of a worker that is a tap in front of a backend. It listens on 127.0.0.1, always. */
export interface TapStart {
  readonly kind: 'thread-lens-tap';
  /** 0 picks a free port. */
  readonly port: number;
  readonly token: string;
  readonly version: string;
  /** `ws://` or `wss://`. */
  readonly target: string;
  /** Hosts and addresses that may be the target although they are link-local or a metadata service. */
  readonly allowedTargets: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly forwardCredentials: boolean;
  /** Where messages hold what, as in the setting; undefined for the usual places. */
  readonly fields?: unknown;
  /** How long a frame is held at most, in milliseconds. */
  readonly holdTimeout?: number;
}

export type WorkerStart = RouterStart | TapStart;

export type WorkerToHost =
  | { readonly kind: 'started'; readonly url: string; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'inspection'; readonly text: string }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly kind: 'stopped' };

export type HostToWorker = { readonly kind: 'inspection'; readonly text: string } | { readonly kind: 'stop' };
