import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { tail } from '../../scripts/lib/npm.mjs';
import { run } from '../../scripts/lib/run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge', 'msedge'];
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const APT_TIMEOUT_MS = 8 * 60_000;

const isRoot = (): boolean => process.getuid?.() === 0;

/** A Chromium on this machine: CHROME_PATH, a common name on PATH, a usual place, or playwright's own download. */
function findBrowser(): string | undefined {
  const given = process.env['CHROME_PATH'];
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) throw new Error(`CHROME_PATH names ${given}, which is no program; expected a Chromium or Chrome.`);
    return given;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)));
  return [...onPath, ...USUAL_PLACES, chromium.executablePath()].find(isExecutable);
}

/**
 * The path of a Chromium, installed by apt-get where that can be done without asking (root on Debian).
 * @throws Error that says how to get one
 */
export async function ensureBrowser(say: (text: string) => void = () => undefined): Promise<string> {
  const found = findBrowser();
  if (found !== undefined) return found;
  let reason = 'none was found';
  if (isRoot() && existsSync('/usr/bin/apt-get')) {
    say('no Chromium here: installing it (apt-get install chromium)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const script = 'apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core';
    const { code, output } = await run('sh', ['-c', script], { env, timeoutMs: APT_TIMEOUT_MS });
    const installed = findBrowser();
    if (installed !== undefined) return installed;
    reason = `apt-get ended with ${code}:\n${tail(output)}`;
  }
  throw new Error(
    `The tests in a real VS Code need Chromium or Chrome; ${reason}\n` +
      'Install one, or run `npx playwright-core install chromium`, or set CHROME_PATH to the program.',
  );
}

/** A headless browser, with more switches where a test needs them; close it when done. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = await ensureBrowser();
  // The pages are our own, and the sandbox works neither for root nor in most containers.
  return chromium.launch({ executablePath, chromiumSandbox: false, args: [...FLAGS, ...more], timeout: 60_000 });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
