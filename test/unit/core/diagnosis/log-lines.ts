/** Lines of made-up logs: `at(3, '…')` was written three seconds after the start. */
export const START = Date.UTC(2025, 8, 3, 10, 26, 2, 904);

export function at(seconds: number, message: string, level = 'INFO'): string {
  const stamp = new Date(START + seconds * 1000).toISOString().replace('T', ' ').slice(0, 23);
  return `${stamp} | ${level.padEnd(8)} | netra_backend.app.x:f:1 | ${message}`;
}

export const T = 'thread_13679e4dcc38403a';
export const T2 = 'thread_374579bdba3c41b8';
export const R = `${T}_run_1756919162904_9adf1f09`;
export const UUID_RUN = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';

export const connect = (seconds: number, user = 'u1', n = 1): string =>
  at(seconds, `Enhanced WebSocket connected: conn_${user}_0000000${n} for user ${user} (protocol: fastapi)`);
export const associate = (seconds: number, thread = T, user = 'u1', n = 1): string =>
  at(seconds, `Associated ${n} connections for user ${user} with thread ${thread}`);
export const close = (seconds: number, user = 'u1', n = 1): string =>
  at(seconds, `Enhanced WebSocket closed for conn_${user}_0000000${n} (fastapi): 1001 - going away`);
export const miss = (seconds: number, thread = T, n = 1): string =>
  at(seconds, `No connections found for thread ${thread}. Active connections: ${n}`, 'WARNING');
export const sample = (seconds: number, list: string): string => at(seconds, `Sample connection thread_ids: ${list}`, 'DEBUG');
export const success = (seconds: number, type: string, run = R, thread = T, who = 'agent=triage', level = 'INFO'): string =>
  at(seconds, `✅ EMISSION SUCCESS: ${type} → thread=${thread} (run_id=${run}, ${who})`, level);
export const unresolved = (seconds: number, run: string): string =>
  at(seconds, `🚨 PRIORITY 5 RESOLUTION FAILURE: Unable to resolve thread_id for run_id=${run} after trying all 5 priorities`, 'ERROR');
export const fromRegistry = (seconds: number, run: string, thread: string): string =>
  at(seconds, `✅ PRIORITY 1 SUCCESS: run_id=${run} → thread_id=${thread} via ThreadRunRegistry (0.2ms)`);
export const guessed = (seconds: number, run: string, thread: string): string =>
  at(seconds, `✅ PRIORITY 4 SUCCESS: run_id=${run} → thread_id=${thread} via pattern extraction (0.2ms)`);
export const register = (seconds: number, run: string, thread: string, metadata = "{'user_id': 'u1'}"): string =>
  at(seconds, `✅ REGISTERED: run_id=${run} → thread_id=${thread} (metadata: ${metadata})`);
export const wire = (message: object): string => JSON.stringify(message);
