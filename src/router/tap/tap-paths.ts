/** What lies under this prefix is the tap's own; everything else is the backend's. No backend has it by accident. */
export const TAP_PREFIX = '/__thread-lens';

export const TAP_INSPECT_PATH = `${TAP_PREFIX}/inspect`;

/** Whether a path is the tap's own, and not the backend's. */
export function isOwnPath(path: string): boolean {
  return path === TAP_PREFIX || path.startsWith(`${TAP_PREFIX}/`);
}
