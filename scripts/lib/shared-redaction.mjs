// Lets the router and what is loaded late share one copy of what hides secrets: `dist/redaction.js`.
import { fileURLToPath } from 'node:url';
import { sharedModules, sharedModulesTarget } from './shared-modules.mjs';

const CORE = fileURLToPath(new URL('../../src/core', import.meta.url));
const FILE = 'redaction.js';

/** Modules of `src/core`. They export no classes, and names of what they export differ. */
const SHARED = ['events/redact', 'events/redact-body', 'events/redact-text', 'events/secret-keys', 'json/rewrite-json'];

/** In a bundle: takes these modules from the shared file. */
export const sharedRedaction = sharedModules(FILE, CORE, SHARED);

/** The target that builds the shared file. @param {import('esbuild').BuildOptions} options those of the bundles that share it */
export const sharedRedactionTarget = (options) => sharedModulesTarget(options, FILE, CORE, SHARED);
