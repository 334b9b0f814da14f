// Writes l10n/bundle.l10n.json from the strings in src/workbench and src/webview: npm run l10n
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BUNDLE_FILE, l10nBundle } from './l10n-strings';

mkdirSync(dirname(BUNDLE_FILE), { recursive: true });
writeFileSync(BUNDLE_FILE, l10nBundle());
