// Lets the bundles that serve, `dist/router.js` and `dist/recordings.js`, share one copy of ws, of the gate and of what stands around HTTP:
// `dist/server.js`.
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUTER = fileURLToPath(new URL('../../src/router', import.meta.url));
const FILE = './server.js';

/** Modules of `src/router`. They take no classes from core, of which there would be two; names of what they export differ. */
const SHARED = [
  'gate/gate', 'gate/host-header', 'gate/origins', 'gate/tokens',
  'http/http-api', 'http/http-error', 'http/http-listener', 'http/refuse-upgrade', 'http/web-socket-server',
  'journal/linear-pattern', 'journal/pattern-parser',
];

/**
 * In a bundle: takes ws and these modules from the shared file, which lies beside it.
 * @type {import('esbuild').Plugin}
 */
export const sharedServer = {
  name: 'shared-server',
  setup(bundle) {
    const shared = { path: FILE, external: true };
    bundle.onResolve({ filter: /^ws$/ }, () => shared);
    bundle.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => (SHARED.includes(relative(ROUTER, resolve(resolveDir, path)).split(sep).join('/')) ? shared : undefined));
  },
};

/**
 * The target that builds the shared file.
 * @param {import('esbuild').BuildOptions} options those of the bundles that share it
 * @returns {import('esbuild').BuildOptions}
 */
export function sharedServerTarget(options) {
  const contents = ["export { WebSocket, WebSocketServer } from 'ws';", ...SHARED.map((name) => `export * from './${name}';`)].join('\n');
  return { ...options, stdin: { contents, resolveDir: ROUTER, sourcefile: 'server.js' }, outfile: 'dist/server.js' };
}
