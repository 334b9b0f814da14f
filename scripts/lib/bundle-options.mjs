/**
 * What all bundles have in common; benchmarks bundle what they measure in the same way.
 * @satisfies {import('esbuild').BuildOptions}
 */
export const COMMON = {
  bundle: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Optional native helpers of ws. Node checks UTF-8 itself; for masking there is a file of our own, as VSIX files hold no native code.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '""', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  alias: { bufferutil: './src/router/ws-masking.ts' },
};

/**
 * Bundles for Node: of the extension host and of the router.
 * @satisfies {import('esbuild').BuildOptions}
 */
export const NODE = { ...COMMON, platform: 'node', target: 'node22', format: 'cjs' };
