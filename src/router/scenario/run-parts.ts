import type { WebSocket } from 'ws';
import type { Router, RouterOptions } from '../router';

/**
 * What a run is made with. It is handed in because scenarios are bundled apart from the router (they know the whole failure catalogue) and must
 * not carry a second one.
 */
export interface RunParts {
  /** A router that keeps everything in memory. */
  readonly createRouter: (options: Omit<RouterOptions, 'store' | 'version'>) => Router;
  readonly openSocket: (url: string, options: { readonly headers?: Readonly<Record<string, string>> }) => WebSocket;
  readonly createToken: () => string;
}
