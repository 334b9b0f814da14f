import { WebSocket } from 'ws';
import { createToken } from '../gate/tokens';
import { Router } from '../router';
import { MemoryStore } from '../store/memory-store';
import { ROUTER_VERSION } from '../version';
import type { RunParts } from './run-parts';

/** This router's own classes, for scenarios to run with. */
export const ROUTER_PARTS: RunParts = {
  createRouter: (options) => new Router({ ...options, store: new MemoryStore(), version: ROUTER_VERSION }),
  openSocket: (url, { headers = {} }) => new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 5_000, headers: { ...headers } }),
  createToken,
};
