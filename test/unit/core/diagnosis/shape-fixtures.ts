import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(__dirname, '../../../fixtures');

export interface ShapeFact {
  readonly shape: string;
  readonly levels: readonly string[];
  readonly category: string;
}

export const SHAPE_FACTS: readonly ShapeFact[] = readFileSync(join(FIXTURES, 'vectors/log_shapes.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): ShapeFact => JSON.parse(line));

export function sampleLines(name: string): string[] {
  return readFileSync(join(FIXTURES, 'samples', name), 'utf8').split('\n');
}

const VALUES: Readonly<Record<string, string>> = {
  run_id: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
  thread_id: 'thread_13679e4dcc38403a',
  connection_id: 'conn_dev-temp-cc173c1d_3052f606',
  conn_id: 'conn_u1_00000001',
  user_id: 'dev-temp-cc173c1d',
  n: '3',
  code: '1011',
  reason: 'Send error',
  error: "'NoneType' object has no attribute 'get'",
  error_context: "{'run_id': 'R', 'resolution_time_ms': 0.31, 'thread_registry_available': True}",
  sample_threads: "[None, 'thread_13679e4dcc38403a']",
  metadata: "{'source': 'pattern_extraction'}",
  attempt: '1',
  max_retries: '2',
  event_type: 'agent_failed',
  agent_name: 'triage',
  tool_name: 'search',
};

/** A message of the shape, and the values of its fields in order. */
export function filled(shape: string): { readonly message: string; readonly values: readonly string[] } {
  const values: string[] = [];
  const message = shape.replace(/<(\w+)>/g, (_whole, name: string) => {
    const value = VALUES[name] ?? (/count|_ms|_s$|size|time|interval/.test(name) ? '12' : `a_${name}`);
    values.push(value);
    return value;
  });
  return { message, values };
}

/** Shapes may differ in the names of their fields only. */
export function wording(shape: string): string {
  return shape.replace(/<\w+>/g, '<>');
}

const AT = '2025-09-03 10:26:02.904';
const HEADER = `${AT} | WARNING  | netra_backend.app.websocket_core.manager:send_to_thread:300 | `;
const json = JSON.stringify;

/** Every container of FIELD_GUIDE 4.8; `time` tells whether it carries a stamp, `level` whether it carries a level. */
export const CONTAINERS: Readonly<Record<string, { wrap: (message: string) => string; time: boolean; level: boolean; escapes?: true }>> = {
  'bare message': { wrap: (m) => m, time: false, level: false },
  'loguru header': { wrap: (m) => HEADER + m, time: true, level: true },
  'loguru default header': { wrap: (m) => HEADER.replace(/ \| $/, ' - ') + m, time: true, level: true },
  'container stamp': { wrap: (m) => `2025-09-03T10:26:02.906552279Z ${HEADER}${m}`, time: true, level: true },
  'CRI stamp': { wrap: (m) => `2025-09-03T10:26:02.906552279Z stdout F ${HEADER}${m}`, time: true, level: true },
  'compose service': { wrap: (m) => `backend-1  | ${HEADER}${m}`, time: true, level: true },
  'ANSI colours': {
    wrap: (m) => `\u001b[32m${AT}\u001b[0m | \u001b[33m\u001b[1mWARNING \u001b[0m | \u001b[36ma.b\u001b[0m:\u001b[36mc\u001b[0m:\u001b[36m1\u001b[0m | \u001b[33m\u001b[1m${m}\u001b[0m`,
    time: true,
    level: true,
  },
  'ANSI colours with the ESC byte lost': {
    wrap: (m) => `2025-09-03T10:26:02.906552279Z [32m${AT}[0m | [33m[1mWARNING [0m | [36ma.b[0m:[36mc[0m:[36m1[0m | [33m[1m${m}[0m`,
    time: true,
    level: true,
  },
  'literal tags': { wrap: (m) => `${HEADER}<red>${m}</red>`, time: true, level: true },
  'launcher prefix': { wrap: (m) => `[BACKEND] ${HEADER}<white>${m}</white>`, time: true, level: true },
  'launcher prefix and emoji': { wrap: (m) => `[BACKEND] ⚠️ ${m}`, time: false, level: false },
  'emoji': { wrap: (m) => `${HEADER}🚨 ${m}`, time: true, level: true },
  'two emoji': { wrap: (m) => `🚨💀 ${m}`, time: false, level: false },
  'word tag': { wrap: (m) => ` ALERT:  ${m}`, time: false, level: false },
  'word tag with a variation selector': { wrap: (m) => ` WARNING: \uFE0F ${m}`, time: false, level: false },
  'code point tag': { wrap: (m) => `[U+1F4DD] ${m}`, time: false, level: false },
  'question mark': { wrap: (m) => `[?] ${m}`, time: false, level: false },
  'JSON sink': {
    wrap: (m) => json({ timestamp: '2025-09-03T10:26:02.904Z', level: 'WARNING', message: `✅ ${m}`, module: 'a', function: 'f', line: 3, context: {} }),
    time: true,
    level: true,
    escapes: true,
  },
  'GCP': {
    wrap: (m) => json({ severity: 'WARNING', timestamp: '2025-09-03T10:26:02.904Z', jsonPayload: { labels: { module: 'a' }, message: m } }),
    time: true,
    level: true,
    escapes: true,
  },
  'docker json-file': { wrap: (m) => json({ log: `${HEADER}${m}\n`, stream: 'stdout', time: '2025-09-03T10:26:02.906552279Z' }), time: true, level: true, escapes: true },
  'lone message field': { wrap: (m) => `      "message": ${json(m)},`, time: false, level: false, escapes: true },
  'report excerpt': { wrap: (m) => `WARNING | ${m}`, time: false, level: true },
  'quoted': { wrap: (m) => json(m), time: false, level: false, escapes: true },
  'python logging': { wrap: (m) => `2025-09-03 10:26:02,904 - netra.manager - WARNING - ${m}`, time: true, level: true },
  'grep': { wrap: (m) => `logs/backend.log:17:${HEADER}${m}`, time: true, level: true },
};
