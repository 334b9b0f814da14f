import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// The system's Python: the library comes as a package of the system.
export const PYTHON = '/usr/bin/python3';

/** Why Python's websockets cannot be had here, or undefined. Installs it where that is possible without asking anyone. */
export function missingWebsockets(): string | undefined {
  if (!existsSync(PYTHON)) return `${PYTHON} does not exist`;
  const works = (): boolean => spawnSync(PYTHON, ['-c', 'import websockets'], { stdio: 'ignore' }).status === 0;
  if (works()) return undefined;
  if (process.getuid?.() !== 0) return `${PYTHON} has no module websockets, and only root can install it (apt-get install python3-websockets)`;
  const { status, stderr, error } = spawnSync('apt-get', ['install', '-y', 'python3-websockets'], { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (works()) return undefined;
  return `${PYTHON} has no module websockets, and apt-get install python3-websockets failed (${error?.message ?? `status ${status}`}): ${stderr ?? ''}`;
}
