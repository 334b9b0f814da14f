/** Run IDs (FIELD_GUIDE 1.2, R1 to R19). Order decides between readings of equal confidence. */
import { extractThreadId } from '../extract-thread-id';
import { withThreadPrefix } from '../bridge-patterns';
import { threadPartEnd } from '../early-parsers';
import type { IdWarning } from '../reading';
import { RUN_SEPARATOR } from '../thread-id';
import { type IdFormat, templateFormat } from './id-format';
import { compileTemplate, type SegmentValues } from './template';

export const CANONICAL_TEMPLATE = compileTemplate('thread_{thread}_run_{ms}_{hex8}');
export const LEGACY_TEMPLATE = compileTemplate('run_{thread}_{hex8}');

const GENERATOR_ERA = '2025-09-01..2025-09-07';
const EARLY_SEPTEMBER = '2025-09-01..2025-09-03';
const SINCE_REWRITE = 'since 2025-09-07';
const ANY = 'any';

const UPPER_CASE_SUFFIX: IdWarning = {
  code: 'upper-case-suffix',
  message: 'The suffix holds upper-case hexadecimal: the UnifiedIDManager of 2025-09-03 accepts it, IDManager refuses it.',
};
const NON_HEX_SUFFIX: IdWarning = {
  code: 'non-hex-suffix',
  message: 'The suffix is not 8 lower-case hexadecimal characters: strict readers refuse it, the bridge of 2025-09-03 does not look.',
};
const UNREADABLE_SINCE_REWRITE: IdWarning = {
  code: 'unreadable-since-rewrite',
  message: 'From 2025-09-07 on, an ID of three parts leaves an empty thread: only a registry can know it.',
};
const OPERATION_IS_NO_THREAD: IdWarning = {
  code: 'operation-is-no-thread',
  message: 'The middle names the operation, not the thread; parsers that take it for one produce a "Thread ID mismatch".',
};

/** The thread of a canonical ID as the original cuts it: at the first separator of the whole text. */
function firstSeparatorThread(_values: SegmentValues, text: string): string | undefined {
  const end = threadPartEnd(text);
  return end === -1 ? undefined : text.slice(0, end);
}

const hasUpperCase = ({ HEX8 = '' }: SegmentValues): boolean => HEX8 !== HEX8.toLowerCase();
const isHexTail = (tail: string): boolean => /^[0-9a-fA-F]{8}$/.test(tail);
const prefixedThread = ({ thread = '' }: SegmentValues): string => withThreadPrefix(thread);

const U4_THREAD = /^(?:session|default)_\d{1,5}_[0-9a-f]{8}$/;
const U4_TIME_DIGITS = 5;

/** The number before the suffix is `ms % 100000`: nearly always five digits. Fewer are more likely part of a name. */
function u4Confidence({ thread = '', n = '' }: SegmentValues): number {
  if (U4_THREAD.test(thread)) return 0.95;
  return n.length === U4_TIME_DIGITS ? 0.6 : 0.3;
}

const compositeRows = (): readonly IdFormat[] => [
  templateFormat({
    name: 'run_id_generator',
    label: 'Composite run ID',
    kind: 'run',
    era: GENERATOR_ERA,
    template: CANONICAL_TEMPLATE,
    examples: ['thread_13679e4dcc38403a_run_1756919162904_9adf1f09'],
    confidence: 0.98,
    thread: firstSeparatorThread,
  }),
  templateFormat({
    name: 'run_id_generator',
    label: 'Composite run ID',
    kind: 'run',
    era: GENERATOR_ERA,
    template: compileTemplate('thread_{thread}_run_{ms}_{HEX8}'),
    examples: ['thread_abc_run_1756919162904_9ADF1F09'],
    confidence: 0.9,
    accepts: hasUpperCase,
    thread: firstSeparatorThread,
    warnings: () => [UPPER_CASE_SUFFIX],
  }),
  templateFormat({
    name: 'unified_canonical',
    label: 'Composite run ID, cut at its last separator',
    kind: 'run',
    era: '2025-09-03..2025-09-07',
    template: compileTemplate('thread_{thread}_run_{ms}_{HEX8}'),
    examples: ['thread_a_run_b_run_1_deadbeef'],
    confidence: 0.6,
    accepts: ({ thread = '' }, text) => `thread_${thread}` !== firstSeparatorThread({}, text),
    thread: ({ thread = '' }) => withThreadPrefix(thread),
  }),
  templateFormat({
    name: 'double_prefix',
    label: 'Composite run ID with a doubled prefix, as intended',
    kind: 'run',
    era: EARLY_SEPTEMBER,
    template: compileTemplate('thread_thread_{thread}_run_{ms}_{hex8}'),
    examples: ['thread_thread_abc_run_1756700000000_0a1b2c3d'],
    confidence: 0.7,
    thread: ({ thread = '' }) => `thread_${thread}`,
  }),
  templateFormat({
    name: 'uuid_run',
    label: 'Composite run ID with a UUID',
    kind: 'run',
    era: ANY,
    template: compileTemplate('thread_{thread}_run_{uuid}'),
    examples: ['thread_13679e4dcc38403a_run_9f5d282b-ac2c-4745-ab6c-1b8418427760'],
    confidence: 0.9,
    thread: firstSeparatorThread,
  }),
  {
    name: 'run_id_generator',
    label: 'Composite run ID with an unusual tail',
    kind: 'run',
    era: GENERATOR_ERA,
    grammar: 'thread_{thread}_run_{tail}',
    examples: ['thread_user_123_run_20250903_e5f6g7h8', 'thread_x_run_hello'],
    confidence: 0.6,
    prefix: 'thread_',
    literals: 'thread__run_',
    scanned: true,
    read(text) {
      const end = threadPartEnd(text);
      if (end === -1) return undefined;
      const tail = text.slice(end + RUN_SEPARATOR.length);
      const parts = /^(?<ms>\d{1,19})_(?<tail>[A-Za-z0-9]*)$/.exec(tail)?.groups;
      const suffix = parts?.tail ?? tail;
      // A hexadecimal tail belongs to the rows above, which say more.
      if (isHexTail(suffix) && parts) return undefined;
      return {
        threadId: text.slice(0, end),
        fields: { thread: text.slice('thread_'.length, end), ...(parts ? { ms: parts.ms ?? '' } : {}), tail: suffix },
        warnings: [NON_HEX_SUFFIX],
        confidence: parts ? 0.75 : 0.6,
      };
    },
  },
];

const managerRows = (): readonly IdFormat[] => [
  templateFormat({
    name: 'id_manager',
    label: 'Legacy run ID',
    kind: 'run',
    era: EARLY_SEPTEMBER,
    template: LEGACY_TEMPLATE,
    examples: ['run_user_123_abc12345', 'run_thread_789_a1b2c3d4'],
    confidence: 0.7,
    thread: prefixedThread,
  }),
  templateFormat({
    name: 'unified_legacy',
    label: 'Legacy run ID with an upper-case suffix',
    kind: 'run',
    era: '2025-09-03..2025-09-07',
    template: compileTemplate('run_{thread}_{HEX8}'),
    examples: ['run_abc_9ADF1F09'],
    confidence: 0.6,
    accepts: hasUpperCase,
    thread: prefixedThread,
    warnings: () => [UPPER_CASE_SUFFIX],
  }),
  templateFormat({
    name: 'u4_run',
    label: 'Run ID of the rewritten ID manager',
    kind: 'run',
    era: SINCE_REWRITE,
    template: compileTemplate('run_{thread}_{n}_{hex8}'),
    examples: ['run_session_80980_00d4a888_80980_298195f6', 'run_thread_abc_44444_deadbeef'],
    confidence: 0.6,
    thread: prefixedThread,
    confidenceOf: u4Confidence,
  }),
  templateFormat({
    name: 'u4_short',
    label: 'Short run ID as the rewritten ID manager sees it',
    kind: 'run',
    era: SINCE_REWRITE,
    template: compileTemplate('run_{part}_{hex8}'),
    examples: ['run_abc_deadbeef'],
    confidence: 0.35,
    warnings: () => [UNREADABLE_SINCE_REWRITE],
  }),
  templateFormat({
    name: 'gen_run',
    label: 'Generated run ID with operation, time and counter',
    kind: 'run',
    era: '2025-09-07..2025-09-09',
    template: compileTemplate('run_{op}_{ms13}_{n}_{hex8}'),
    examples: ['run_chat_1757826886250_1084_b4c0bd77', 'run_session_creation_1757361062151_8_a1b2c3d4'],
    confidence: 0.9,
    warnings: () => [OPERATION_IS_NO_THREAD],
  }),
  templateFormat({
    name: 'gen_run_short',
    label: 'Generated run ID with operation and counter',
    kind: 'run',
    era: 'since 2025-09-09',
    template: compileTemplate('run_{op}_{n}_{hex8}'),
    examples: ['run_chat_5_0c1d2e3f'],
    confidence: 0.4,
    warnings: () => [OPERATION_IS_NO_THREAD],
  }),
  templateFormat({
    name: 'legacy_ms',
    label: 'Run ID of time and suffix',
    kind: 'run',
    era: ANY,
    template: compileTemplate('run_{ms13}_{hex8}'),
    examples: ['run_1756919162904_9adf1f09'],
    confidence: 0.45,
  }),
  templateFormat({
    name: 'counter_run',
    label: 'Run ID of counter and suffix',
    kind: 'run',
    era: SINCE_REWRITE,
    template: compileTemplate('run_{n}_{hex8}'),
    examples: ['run_2_5e5c7cac'],
    confidence: 0.45,
  }),
];

function bareRun(template: string, example: string, confidence: number): IdFormat {
  return templateFormat({
    name: 'bare_run',
    label: 'Run ID without a thread',
    kind: 'run',
    era: ANY,
    template: compileTemplate(template),
    examples: [example],
    confidence,
  });
}

const bareRows = (): readonly IdFormat[] => [
  bareRun('run_{uuid}', 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 0.95),
  bareRun('run_{hex12}', 'run_0a1b2c3d4e5f', 0.85),
  bareRun('run_{hex8}', 'run_0a1b2c3d', 0.8),
  bareRun('run_{hex16}', 'run_0a1b2c3d4e5f6a7b', 0.8),
  bareRun('run_{hex32}', 'run_9f5d282bac2c4745ab6c1b8418427760', 0.8),
  bareRun('run_{ms13}', 'run_1756919162904', 0.85),
  bareRun('run_{float}', 'run_1756919162.904', 0.85),
];

function otherRun(name: string, label: string, era: string, template: string, examples: readonly string[], confidence: number): IdFormat {
  return templateFormat({ name, label, kind: 'run', era, template: compileTemplate(template), examples, confidence });
}

const THREAD_MINTED_APART: IdWarning = {
  code: 'minted-apart',
  message: 'The thread of such a run was minted apart and carries a counter and a suffix: parsing cannot find it.',
};

const systemRows = (): readonly IdFormat[] => [
  templateFormat({
    name: 'factory_run',
    label: 'Run ID of the WebSocket factory',
    kind: 'run',
    era: SINCE_REWRITE,
    template: compileTemplate('websocket_factory_{ms13}'),
    examples: ['websocket_factory_1757372478799'],
    confidence: 0.95,
    thread: (_values, text) => `thread_${text}`,
    warnings: () => [THREAD_MINTED_APART],
  }),
  ...['creation', 'switch', 'delete'].map((operation) =>
    otherRun(
      'thread_op_run',
      `Run ID of a thread ${operation}`,
      'since 2025-09-05',
      `thread_${operation}_{uuid}`,
      [`thread_${operation}_7c5e1032-ac2c-4745-ab6c-1b8418427760`],
      0.95,
    ),
  ),
  otherRun('demo_run', 'Run ID of the demo', 'since 2025-09-12', 'demo_run_{ms13}_{n}_{hex8}', ['demo_run_1757719525043_353_4b15eea4'], 0.95),
  otherRun('admin_tool', 'Run ID of an admin tool', ANY, 'admin_tool_{any}_{float}', ['admin_tool_x_1756919162.9'], 0.9),
  otherRun('admin_tool', 'Run ID of an admin tool', ANY, 'admin_tool_{any}_{s}', ['admin_tool_x_1756919162'], 0.85),
  otherRun('execution', 'Execution ID', 'since 2025-09-04', 'exec_{hex12}_{s}', ['exec_0a1b2c3d4e5f_1756919162'], 0.95),
  otherRun('execution', 'Execution ID', 'since 2025-09-04', 'exec_{any}_{ms13}', ['exec_agent_1756919162904'], 0.9),
  otherRun('run_user_ms', 'Run ID of user and time', ANY, 'run_{user}_{ms13}', ['run_u1_1756919162904'], 0.8),
  otherRun('run_agent_user', 'Run ID of agent and user', ANY, 'run_{agent:lower}_{user:part}', ['run_triage_u1'], 0.2),
  templateFormat({
    name: 'execution_registry',
    label: 'Run ID of the execution registry',
    kind: 'run',
    era: 'since 2025-08-31',
    template: compileTemplate('run_{thread}_{tail:part}'),
    examples: ['run_user_123_e5f6g7h8', 'run_thread_abc_x'],
    confidence: 0.15,
    // With a hexadecimal tail it is a legacy run ID, and reads the same.
    accepts: ({ tail = '' }) => !isHexTail(tail),
    thread: prefixedThread,
    warnings: () => [NON_HEX_SUFFIX],
  }),
];

const EMBEDDED_PATTERNS = new Set(['2', '3', '4']);

const specialRows = (): readonly IdFormat[] => [
  {
    name: 'embedded',
    label: 'ID with a thread inside',
    kind: 'run',
    era: ANY,
    grammar: '…_thread_{thread}_{run|execution|session|timestamp|step|task}…',
    examples: ['admin_tool_thread_789_execution', 'user_123_thread_456_run_789'],
    confidence: 0.5,
    prefix: '',
    literals: '',
    scanned: false,
    read(text) {
      const extraction = extractThreadId(text);
      if (!extraction || !EMBEDDED_PATTERNS.has(extraction.pattern)) return undefined;
      // Digits make an ID of what may else be a phrase: `no_thread_or_run`. Inside a word (pattern 4) it is hardly one.
      const likely = /\d/.test(extraction.threadId) && extraction.pattern !== '4';
      return {
        threadId: extraction.threadId,
        fields: { thread: extraction.threadId },
        warnings: [{ code: 'embedded', message: `Found by pattern ${extraction.pattern}, which guesses: the thread may be cut short or meant otherwise.` }],
        confidence: likely ? 0.5 : 0.15,
      };
    },
  },
  ...['registry', 'startup-run'].map((word) =>
    otherRun('system_word', 'Word of a system context', ANY, word, [word], word === 'registry' ? 0.25 : 0.5),
  ),
];

export function runFormats(): readonly IdFormat[] {
  return [...compositeRows(), ...managerRows(), ...bareRows(), ...systemRows(), ...specialRows()];
}
