// Lets the bundles that serve, `dist/router.js` and `dist/recordings.js`, share one copy of ws, of the gate and of what stands around HTTP:
// `dist/server.js`.
import { fileURLToPath } from 'node:url';
import { sharedModules, sharedModulesTarget } from './shared-modules.mjs';

const ROUTER = fileURLToPath(new URL('../../src/router', import.meta.url));
const FILE = 'server.js';

/** Modules of `src/router`. They take no classes from core, of which there would be two; names of what they export differ. */
const SHARED = [
  'gate/gate', 'gate/host-header', 'gate/origins', 'gate/tokens',
  'http/http-api', 'http/http-error', 'http/http-listener', 'http/refuse-upgrade', 'http/web-socket-server',
  'journal/linear-pattern', 'journal/pattern-parser',
];

/** In a bundle: takes ws and these modules from the shared file. */
export const sharedServer = sharedModules(FILE, ROUTER, SHARED, ['ws']);

/** The target that builds the shared file. @param {import('esbuild').BuildOptions} options those of the bundles that share it */
export const sharedServerTarget = (options) => sharedModulesTarget(options, FILE, ROUTER, SHARED, ["export { WebSocket, WebSocketServer } from 'ws';"]);
