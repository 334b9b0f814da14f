/** Request, message and other IDs (FIELD_GUIDE 1.6): read so that nobody takes them for runs or threads. */
import type { IdKind } from '../reading';
import { type IdFormat, templateFormat } from './id-format';
import { compileTemplate, type SegmentValues } from './template';

const ANY = 'any';
const SINCE_GENERATOR = 'since 2025-09-07';

function row(name: string, label: string, kind: IdKind, template: string, example: string, confidence: number, era = ANY): IdFormat {
  return templateFormat({ name, label, kind, era, template: compileTemplate(template), examples: [example], confidence });
}

const request = (template: string, example: string, confidence: number): IdFormat =>
  row('request', 'Request ID', 'request', template, example, confidence);

const requestRows = (): readonly IdFormat[] => [
  request('req_{uuid}', 'req_9f5d282b-ac2c-4745-ab6c-1b8418427760', 0.95),
  request('req_{hex8}', 'req_0a1b2c3d', 0.9),
  request('req_{hex12}', 'req_0a1b2c3d4e5f', 0.9),
  request('req_{s}', 'req_1756919162', 0.85),
  request('req_{float}', 'req_1756919162.904', 0.9),
  request('req_{ms13}_{hex8}', 'req_1757357912444_73708c2b', 0.95),
  request('req_{ms13}_{n}_{hex8}', 'req_1757357912444_24_73708c2b', 0.97),
  request('req_{op}_{ms13}_{n}_{hex8}', 'req_chat_1757357912444_24_73708c2b', 0.96),
  request('ws_req_{s}_{hex8}', 'ws_req_1757357912_73708c2b', 0.95),
  request('defensive_auth_{user}_prelim_{hex8}', 'defensive_auth_u1_prelim_73708c2b', 0.95),
];

const generated = (): readonly IdFormat[] =>
  ['agent', 'tool', 'session', 'ws_client', 'error', 'trace', 'span', 'audit', 'msg'].map((prefix) =>
  row(prefix, `Generated ${prefix} ID`, 'other', `${prefix}_{any}_{ms13}_{n}_{hex8}`, `${prefix}_chat_1757357912444_24_73708c2b`, 0.93, SINCE_GENERATOR),
);

const GENERIC_TYPES =
  'user session request agent tool transaction websocket execution trace metric thread run'.split(' ');

const generic = (): readonly IdFormat[] =>
  GENERIC_TYPES.flatMap((type) => {
  const kind: IdKind = type === 'request' ? 'request' : type === 'run' || type === 'thread' ? type : 'other';
  const label = `Counted ${type} ID`;
  const withPrefix = templateFormat({
    name: 'counted',
    label,
    kind,
    era: SINCE_GENERATOR,
    template: compileTemplate(`{any}_${type}_{n}_{hex8}`),
    examples: [`web_${type}_2_5e5c7cac`],
    confidence: 0.4,
    // A composite run ID ends like a counted run ID.
    accepts: ({ any = '' }) => !any.startsWith('thread_'),
  });
  // `run_…` and `thread_…` without a prefix have rows of their own.
  return kind === 'run' || kind === 'thread'
    ? [withPrefix]
    : [row('counted', label, kind, `${type}_{n}_{hex8}`, `${type}_2_5e5c7cac`, 0.8, SINCE_GENERATOR), withPrefix];
});

export const otherFormats = (): readonly IdFormat[] => [
  ...requestRows(),
  row('message', 'Message ID', 'other', 'msg_{uuid}', 'msg_9f5d282b-ac2c-4745-ab6c-1b8418427760', 0.95),
  row('message', 'Message ID of a browser', 'other', 'msg_{ms13}_{alnum}', 'msg_1756919162904_k3j5h2g8d', 0.9),
  row('context', 'Context ID', 'other', 'ctx_{hex16}', 'ctx_0a1b2c3d4e5f6a7b', 0.9),
  templateFormat({
    name: 'context',
    label: 'Context ID',
    kind: 'other',
    era: ANY,
    template: compileTemplate('ctx_{thread}_{hex8}'),
    examples: ['ctx_thread_abc_0a1b2c3d'],
    confidence: 0.85,
    thread: ({ thread = '' }: SegmentValues) => thread,
  }),
  ...generated(),
  ...generic(),
];
