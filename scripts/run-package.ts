// Packs the VSIX, on Node 24 after the installation: npm run package -- [--out FILE]
import { parseArgs } from 'node:util';
import { say, step } from './lib/progress.mjs';
import { packRepository, VSIX_BUDGET } from './lib/vsix';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', short: 'o' } } });
  const { file, bytes } = await step('Packing the VSIX', () => packRepository(values.out));
  say(`${file}: ${(bytes / 1024).toFixed(1)} KB of ${VSIX_BUDGET / 1024} KB`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
