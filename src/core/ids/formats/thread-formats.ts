/** Thread IDs (FIELD_GUIDE 1.4, T1 to T12) and the prefixes that other systems share with them (DOMAIN 1). */
import type { IdWarning } from '../reading';
import { isProgrammingName } from './programming-names';
import { type IdFormat, templateFormat } from './id-format';
import { compileTemplate, type SegmentValues } from './template';

const ANY = 'any';
const SINCE_REWRITE = 'since 2025-09-07';

const itself = (_values: SegmentValues, text: string): string => text;

function threadRow(name: string, label: string, era: string, template: string, example: string, confidence: number): IdFormat {
  return templateFormat({
    name,
    label,
    kind: 'thread',
    era,
    template: compileTemplate(template),
    examples: [example],
    confidence,
    accepts: (_values, text) => !isComposite(text),
    thread: itself,
  });
}

const FOREIGN_THREAD: IdWarning = {
  code: 'foreign-system',
  message: 'This also has the form of an OpenAI Assistants ID: its body is opaque, and threads and runs are kept in separate fields there.',
};
const FOREIGN_UUID: IdWarning = {
  code: 'foreign-system',
  message: 'A plain UUID, as LangGraph uses for threads and runs: nothing in it says which.',
};

/** Letters and digits mixed without a separator: what other systems put behind the same prefix. */
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]+$/;

/** A composite run ID is no thread ID, although the bridge's validator takes it for one. */
const isComposite = (text: string): boolean => text.includes('_run_');

const prefixedRows = (): readonly IdFormat[] => [
  threadRow('thread', 'Thread ID', ANY, 'thread_{hex16}', 'thread_374579bdba3c41b8', 0.9),
  threadRow('thread', 'Thread ID', ANY, 'thread_{hex8}', 'thread_0a1b2c3d', 0.8),
  threadRow('factory_thread', 'Thread ID of the WebSocket factory', SINCE_REWRITE, 'thread_websocket_factory_{ms13}_{n}_{hex8}', 'thread_websocket_factory_1757372478799_528_584ef8a5', 0.97),
  threadRow('factory_thread', 'Thread ID of the WebSocket factory', SINCE_REWRITE, 'thread_websocket_factory_{ms13}', 'thread_websocket_factory_1757372478799', 0.95),
  threadRow('generated_thread', 'Generated thread ID with operation, time and counter', SINCE_REWRITE, 'thread_{op}_{ms13}_{n}_{hex8}', 'thread_test-use_thread_n_chat_1757826886249_1083_5b059ee4', 0.95),
  threadRow('generated_thread', 'Generated thread ID with operation and counter', 'since 2025-09-09', 'thread_{op}_{n}_{hex8}', 'thread_chat_5_0c1d2e3f', 0.7),
  threadRow('generated_thread', 'Thread ID of counter and suffix', SINCE_REWRITE, 'thread_{n}_{hex8}', 'thread_7_5e5c7cac', 0.7),
  threadRow('user_time_thread', 'Thread ID of user and time', ANY, 'thread_{user}_{s}', 'thread_user1_1756919162', 0.7),
  threadRow('user_time_thread', 'Thread ID of a time', ANY, 'thread_{s}', 'thread_1756919162', 0.7),
  templateFormat({
    name: 'thread',
    label: 'Thread ID',
    kind: 'thread',
    era: ANY,
    template: compileTemplate('thread_{any}'),
    examples: ['thread_user_123', 'thread_dev-temp-cc173c1d'],
    confidence: 0.5,
    accepts: (_values, text) => !isComposite(text),
    thread: itself,
    warnings: ({ any = '' }) => (OPAQUE.test(any) ? [FOREIGN_THREAD] : []),
    // Letters alone may be a name in a program (`thread_pool`): the prefix proves nothing.
    confidenceOf: ({ any = '' }) => (/\d/.test(any) ? 0.5 : isProgrammingName(any) ? 0.1 : 0.3),
  }),
  templateFormat({
    name: 'user_thread',
    label: 'Default thread of a user',
    kind: 'thread',
    era: ANY,
    template: compileTemplate('thread_{user}'),
    examples: ['thread_user_123', 'thread_108273645546372819'],
    confidence: 0.3,
    accepts: ({ user = '' }, text) => !isComposite(text) && !isProgrammingName(user) && !/^[0-9a-f]{8}(?:[0-9a-f]{8})?$/.test(user),
    thread: itself,
    confidenceOf: ({ user = '' }) => (/\d/.test(user) ? 0.3 : 0.15),
  }),
];

function bareThread(template: string, example: string, era: string, confidence: number): IdFormat {
  return threadRow('bare_thread', 'Thread ID without the prefix', era, template, example, confidence);
}

const bareRows = (): readonly IdFormat[] => [
  bareThread('session_{ms13}_{hex8}', 'session_1756919162904_9adf1f09', '2025-09-03..2025-09-07', 0.95),
  bareThread('demo_thread_{ms13}_{n}_{hex8}', 'demo_thread_1757719525043_353_4b15eea4', 'since 2025-09-12', 0.97),
  bareThread('session_{ms5}_{hex8}', 'session_80980_00d4a888', SINCE_REWRITE, 0.9),
  bareThread('default_{ms5}_{hex8}', 'default_80980_00d4a888', SINCE_REWRITE, 0.9),
  bareThread('ws_thread_{any}', 'ws_thread_42abc', ANY, 0.6),
  bareThread('legacy_thread_{any}', 'legacy_thread_42abc', ANY, 0.6),
  bareThread('demo_thread_{any}', 'demo_thread_42abc', ANY, 0.6),
  bareThread('startup_test_{any}', 'startup_test_b0323e22-afd6-4443-b1d8-c727c9f28705', ANY, 0.8),
];

function foreign(kind: 'thread' | 'run', label: string, template: string, example: string): IdFormat {
  return templateFormat({
    name: 'foreign',
    label,
    kind,
    era: ANY,
    template: compileTemplate(template),
    examples: [example],
    confidence: 0.55,
    accepts: ({ alnum24 = '' }) => /[A-Z]/.test(alnum24) && /[a-z0-9]/.test(alnum24),
    warnings: () => [FOREIGN_THREAD],
    ...(kind === 'thread' ? { thread: itself } : {}),
  });
}

const foreignRows = (): readonly IdFormat[] => [
  foreign('thread', 'Thread ID of another system', 'thread_{alnum24}', 'thread_v7V4csRdbIxIM9bpPRkYEVK1'),
  foreign('run', 'Run ID of another system', 'run_{alnum24}', 'run_hGPAzC48Jp1oDdXK9kYwWVrQ'),
  templateFormat({
    name: 'opaque_run',
    label: 'Run ID with an opaque body',
    kind: 'run',
    era: ANY,
    template: compileTemplate('run_{slug}'),
    examples: ['run_abc123'],
    confidence: 0.3,
    warnings: () => [FOREIGN_THREAD],
    confidenceOf: ({ slug = '' }) => (/\d/.test(slug) && /[a-z]/i.test(slug) ? 0.3 : 0.1),
  }),
  templateFormat({
    name: 'uuid',
    label: 'Plain UUID',
    kind: 'other',
    era: ANY,
    template: compileTemplate('{uuid}'),
    examples: ['9f5d282b-ac2c-4745-ab6c-1b8418427760'],
    confidence: 0.2,
    warnings: () => [FOREIGN_UUID],
  }),
];

export function threadFormats(): readonly IdFormat[] {
  return [...prefixedRows(), ...bareRows(), ...foreignRows()];
}
