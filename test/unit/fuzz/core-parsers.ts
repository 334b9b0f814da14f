import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  compareDialects,
  DEFAULT_FIELD_PATHS,
  defineFormat,
  diagnose,
  DIALECTS,
  type Dialect,
  extractByIdManager,
  extractByRunIdGenerator,
  extractByU4,
  extractThreadId,
  type FormatSpec,
  FormatTable,
  generateRunId,
  isAgentEventType,
  isBlank,
  isSecretKey,
  isSuspiciousRunId,
  isSuspiciousRunId20250918,
  isSuspiciousThreadId,
  isValidByU4,
  isValidIdFormat,
  isValidThreadId,
  LogAnalyser,
  maskForEditing,
  type MaskedText,
  migrateRunId,
  nearMisses,
  parseAgentEvent,
  parseByG4,
  parseByU4,
  parseContract,
  parseFormats,
  parsePythonRepr,
  parseRunId,
  parseU1,
  parseU2,
  readFieldPaths,
  readMintTime,
  readRunId,
  readTrafficIds,
  recogniseLogMessage,
  type Diagnosis,
  importHar,
  isReproducible,
  RecordingReader,
  redact,
  redactBody,
  restoreMasked,
  TRAFFIC_FIELDS,
  redactHeaders,
  redactProtocols,
  redactText,
  scanText,
  unwrapLine,
} from '../../../src/core/index';
import { parseExactly, withNumbers } from '../../../src/core/json/exact-numbers';
import { rewriteJson } from '../../../src/core/json/rewrite-json';
import { diagnoseId } from '../../../src/core/diagnosis/diagnose-id';
import { behavioursOf, isBehaviour, isProfile } from '../../../src/core/behaviour/behaviour';
import { isFaultRule, parseFaultRule, parseFaultRules } from '../../../src/core/behaviour/fault-rule';
import { readJsonString } from '../../../src/core/diagnosis/json-string';
import { readLevel } from '../../../src/core/diagnosis/log-container';
import { readStamp, readTimeValue } from '../../../src/core/diagnosis/log-time';
import { recogniseUnwrapped } from '../../../src/core/diagnosis/recognise-log-message';
import { plainView } from '../../../src/core/diagnosis/text-view';
import { readDefined } from '../../../src/core/ids/read-run-id';
import { readDuration } from '../../../src/core/scenario/duration';
import { markdownTable } from '../../../src/core/markdown-table';
import { parseScenario, parseScenarioText } from '../../../src/core/scenario/parse-scenario';
import { compileTemplate } from '../../../src/core/ids/formats/template';
import { compilePattern } from '../../../src/core/ids/pattern/compile-pattern';
import { parsePattern } from '../../../src/core/ids/pattern/parse-pattern';
import { parseUnifiedCanonical } from '../../../src/core/ids/unified-parsers';
import type { Fuzzed, FuzzTable } from './fuzzed';
import { hostileText, hostileValue } from './hostile';

const text = (run: (input: string) => unknown, more: Partial<Fuzzed<string>> = {}): Fuzzed<string> => ({ input: hostileText, run, isText: true, ...more });
const value = (run: (input: unknown) => unknown, keys?: readonly string[], more: Partial<Fuzzed> = {}): Fuzzed => ({ input: hostileValue(keys), run, ...more });

/** A text in the formats that a spec can have. */
const spec: fc.Arbitrary<FormatSpec> = fc.record(
  { name: fc.oneof(fc.constantFrom('order', 'a-b'), hostileText), template: hostileText, pattern: hostileText, examples: fc.array(hostileText, { maxLength: 2 }) },
  { requiredKeys: ['name'], noNullPrototype: true },
);

const RULE_KEYS = ['kind', 'ms', 'rate', 'threadId', 'runId', 'type', 'thread_id', 'count', 'after'];

/** Scenario files, and nearly. */
const scenario = fc.record(
  {
    version: fc.constantFrom<unknown>(1, 2, '1'),
    name: hostileText,
    ids: fc.oneof(hostileValue(), fc.dictionary(fc.constantFrom('run', 'thread', '__proto__'), fc.constantFrom('thread_{hex16}', '{thread}_run_{ms}_{hex8}', '{nothing}'), { noNullPrototype: true })),
    clients: fc.oneof(hostileValue(['user', 'thread']), fc.constant({ tab: { user: 'u1', thread: '{thread}' } })),
    steps: fc.oneof(hostileValue(['connect', 'emit', 'wait', 'parallel', 'lanes', 'register', 'client', 'run']), fc.array(hostileValue(['connect', 'emit', 'wait', 'together', 'only', 'client', 'run', 'event']), { maxLength: 3 })),
    expect: hostileValue(['received', 'deliveries', 'faults', 'client']),
    variants: hostileValue(['fault', 'fix']),
  },
  { requiredKeys: ['version', 'name', 'steps'], noNullPrototype: true },
);
const ownTable = FormatTable.builtIn.with([defineFormat({ name: 'order', template: 'order-{thread}-{ms13}-{hex8}' })]);

const HAR_KEYS = ['log', 'entries', 'request', 'url', '_webSocketMessages', '_resourceType', 'type', 'time', 'opcode', 'data'];
/** A HAR that is nearly one. */
const har = fc.record({
  log: fc.record({
    entries: fc.array(
      fc.record({
        request: fc.record({ url: fc.oneof(hostileText, fc.constant('ws://127.0.0.1:1/ws')), headers: hostileValue(['name', 'value']) }, { requiredKeys: [] }),
        startedDateTime: fc.oneof(hostileText, fc.constant('2025-09-03T17:06:02.914Z')),
        _webSocketMessages: fc.array(fc.record({ type: fc.oneof(hostileText, fc.constantFrom('send', 'receive')), time: fc.oneof(fc.double(), hostileValue()), opcode: fc.oneof(fc.nat(15), hostileValue()), data: hostileText }, { requiredKeys: [] }), { maxLength: 4 }),
      }, { requiredKeys: [] }),
      { maxLength: 3 },
    ),
  }),
});
/** Lines of which the first is a header, mostly. */
const recordingText = fc
  .tuple(fc.oneof(hostileText, fc.constant('{"thread_lens_recording":1,"created":"2025-09-03T17:06:02.914Z","source":"router","version":"0","redacted":true}')), fc.array(fc.oneof(hostileText, hostileValue(['kind', 't', 'connection', 'thread', 'direction', 'peer', 'text', 'base64', 'seq']).map((entry) => toJson(entry))), { maxLength: 6 }))
  .map(([header, lines]) => [header, ...lines].join('\n'));

/** What a recording's lines say, as its reader gives them out. */
function readRecordingText(recording: string): unknown {
  const reader = new RecordingReader();
  const entries = recording.split('\n').map((line) => reader.line(line));
  return { header: reader.header, entries };
}

export const CORE_PARSERS: FuzzTable = {
  'core/ids/extract-thread-id#extractThreadId': text((id) => DIALECTS.map((dialect: Dialect) => extractThreadId(id, dialect)), {
    check(_id, answers) {
      const [fix] = answers as Array<{ threadId: string } | undefined>;
      if (fix) assert.ok(isValidThreadId(fix.threadId), `${fix.threadId} is valid`);
    },
  }),
  'core/ids/compare-dialects#compareDialects': text(compareDialects),
  'core/ids/read-run-id#readRunId': text(readRunId, {
    check(_id, answer) {
      const confidences = (answer as ReturnType<typeof readRunId>).map(({ confidence }) => confidence);
      assert.deepEqual(confidences, confidences.toSorted((a, b) => b - a), 'best first');
    },
  }),
  'core/ids/read-run-id#parseRunId': text(parseRunId, { check: (id, answer) => assert.deepEqual(answer, readRunId(id)[0]) }),
  'core/ids/read-run-id#readDefined': text((id) => readDefined(id, ownTable)),
  'core/behaviour/behaviour#isBehaviour': value(isBehaviour),
  'core/behaviour/behaviour#isProfile': value(isProfile),
  'core/behaviour/behaviour#behavioursOf': { input: fc.tuple(fc.oneof(hostileValue(), fc.constantFrom<unknown>('strict', 'original')), hostileValue(['stickyThread', 'switchThreadIgnored'])), run: ([profile, overrides]: [unknown, unknown]) => [...behavioursOf(profile, overrides)], throws: ['UnknownOptionError'] },
  'core/behaviour/fault-rule#parseFaultRules': value((rules) => parseFaultRules(rules), RULE_KEYS, { input: fc.oneof(hostileValue(RULE_KEYS), fc.array(hostileValue(RULE_KEYS), { maxLength: 3 })), throws: ['FaultRuleError'] }),
  'core/behaviour/fault-rule#parseFaultRule': value((rule) => parseFaultRule(rule), RULE_KEYS, { throws: ['FaultRuleError'] }),
  'core/behaviour/fault-rule#isFaultRule': value(isFaultRule, RULE_KEYS),
  'core/scenario/duration#readDuration': { input: fc.oneof(hostileValue(), fc.tuple(fc.double(), fc.constantFrom('ms', 's', 'm', 'h', 'd', '')).map(([amount, unit]) => `${amount}${unit}`)), run: (duration: unknown) => readDuration(duration), check: (_input: unknown, answer: unknown) => assert.ok(answer === undefined || (typeof answer === 'number' && answer >= 0)) },
  'core/markdown-table#markdownTable': { input: fc.array(fc.array(hostileText, { maxLength: 3 }), { maxLength: 3 }), run: (rows: string[][]) => markdownTable(rows) },
  'core/scenario/parse-scenario#parseScenario': { input: fc.oneof(scenario, hostileValue(['version', 'name', 'steps'])), run: (json: unknown) => parseScenario(json), check: fewProblems },
  'core/scenario/parse-scenario#parseScenarioText': text((content) => parseScenarioText(content), { input: fc.oneof(hostileText, scenario.map((json) => toJson(json))), check: fewProblems }),
  'core/scenario/reproduce/reproduce#isReproducible': value((diagnosis) => isReproducible(diagnosis as Diagnosis), ['id', 'noise'], { input: fc.record({ id: fc.oneof(hostileText, fc.constantFrom('composite-as-thread', '__proto__', 'constructor')), noise: fc.boolean() }) }),
  'core/events/redact-body#redactBody': text(redactBody, { check: (_input, answer) => assert.equal(redactBody(String(answer)), answer, 'redacting again changes nothing') }),
  'core/json/rewrite-json#rewriteJson': { input: fc.json(), run: (json: string) => rewriteJson(json, () => undefined), check: (json: string, answer: unknown) => assert.equal(answer, json, 'nothing replaced, nothing changed') },
  'core/recording/recording-reader#RecordingReader': text(readRecordingText, { input: fc.oneof(hostileText, recordingText), throws: ['RecordingError'] }),
  'core/har/import-har#importHar': value((har) => JSON.stringify(importHar(har, '0')), HAR_KEYS, { input: fc.oneof(hostileValue(HAR_KEYS), har), throws: ['HarError'] }),
  'core/ids/scan/scan-text#scanText': text((source) => Array.from(scanText(source), ({ offset, length, text: found }) => [offset, length, found]), {
    check(source, answer) {
      let end = 0;
      for (const [offset, length, found] of answer as Array<[number, number, string]>) {
        assert.equal(source.slice(offset, offset + length), found);
        assert.ok(offset >= end, 'in order and apart');
        end = offset + length;
      }
    },
  }),
  'core/ids/early-parsers#extractByRunIdGenerator': text(extractByRunIdGenerator),
  'core/ids/early-parsers#extractByIdManager': text(extractByIdManager),
  'core/ids/u4-parser#extractByU4': text(extractByU4),
  'core/ids/u4-parser#parseByU4': text(parseByU4),
  'core/ids/u4-parser#isValidByU4': text(isValidByU4),
  'core/ids/g4-parser#parseByG4': text(parseByG4),
  'core/ids/unified-parsers#parseUnifiedCanonical': text(parseUnifiedCanonical),
  'core/ids/unified-parsers#parseU1': text(parseU1),
  'core/ids/unified-parsers#parseU2': text(parseU2),
  'core/ids/thread-id#isValidThreadId': value(isValidThreadId, [], { check: (id, answer) => assert.ok(answer === false || typeof id === 'string') }),
  'core/ids/suspicion#isSuspiciousThreadId': value(isSuspiciousThreadId),
  'core/ids/suspicion#isSuspiciousRunId': value(isSuspiciousRunId),
  'core/ids/suspicion#isSuspiciousRunId20250918': text(isSuspiciousRunId20250918),
  'core/ids/id-format-catalogue#isValidIdFormat': text(isValidIdFormat),
  'core/ids/mint-time#readMintTime': text(readMintTime),
  'core/ids/python-text#isBlank': text(isBlank),
  'core/ids/migrate#migrateRunId': text((id) => migrateRunId(id, 'run_id_generator', { now: () => 7 }), { throws: ['InvalidThreadIdError', 'InvalidRunIdError'] }),
  'core/ids/generate#generateRunId': text((id) => generateRunId(id, { now: () => 7, random: () => '9adf1f09' }), {
    throws: ['InvalidThreadIdError'],
    check: (thread, answer) => assert.ok(!/^[\w-]+$/.test(thread) || parseRunId(String(answer)), `${String(answer)} can be read`),
  }),
  'core/ids/formats/format-table#FormatTable': text((id) => FormatTable.builtIn.candidates(id).length),
  'core/ids/formats/define-format#defineFormat': { input: spec, run: (input: FormatSpec) => defineFormat(input, { trusted: true }).name, throws: ['FormatError'] },
  'core/ids/formats/contract#parseFormats': value((input) => summary(parseFormats(input, { trusted: true })), ['name', 'template', 'pattern', 'kind', 'examples']),
  'core/ids/formats/contract#parseContract': value((input) => summary(parseContract(input, { trusted: true })), ['version', 'formats', 'name', 'template', 'pattern']),
  'core/ids/formats/template#compileTemplate': text((template) => compileTemplate(template) !== undefined, { throws: ['TemplateError'] }),
  'core/ids/pattern/parse-pattern#parsePattern': text((pattern) => parsePattern(pattern).names, { throws: ['PatternError'] }),
  'core/ids/pattern/compile-pattern#compilePattern': {
    input: fc.tuple(hostileText, hostileText),
    run: ([pattern, input]: [string, string]) => compilePattern(pattern).match(input) !== undefined,
    throws: ['PatternError'],
    check([pattern, input]: [string, string], answer) {
      let reference: RegExp;
      try {
        reference = new RegExp(`^(?:${pattern})$`, 'v');
      } catch {
        return;
      }
      // Units, not code points: where that makes no difference.
      if (/^[\x20-\x7e]*$/.test(input) && input.length <= 24) assert.equal(answer, reference.test(input), `like ${String(reference)}`);
    },
  },
  'core/events/parse-event#parseAgentEvent': {
    input: fc.oneof(hostileValue(['type', 'run_id', 'agent_name', 'timestamp', 'payload', 'trace']), fc.json(), hostileText),
    run: (input: unknown) => parseAgentEvent(input),
    check: (_input: unknown, answer: unknown) => assert.equal(typeof (answer as { ok: boolean }).ok, 'boolean'),
  },
  'core/events/payload-template#isAgentEventType': text(isAgentEventType),
  'core/events/secret-keys#isSecretKey': text(isSecretKey),
  'core/json/exact-numbers#parseExactly': {
    input: fc.oneof(fc.json(), fc.bigInt().map((number) => `{"n":[${number}]}`)),
    run: (input: unknown) => parseExactly(String(input)),
    check: (input: unknown, answer: unknown) => assert.deepEqual(JSON.parse(withNumbers(JSON.stringify(answer))), JSON.parse(String(input)), 'it is the same value'),
  },
  'core/events/redact#redact': value(redact, ['token', 'password', 'authorization', 'payload', 'a']),
  'core/events/redact#redactHeaders': { input: fc.dictionary(fc.constantFrom('cookie', 'x-api-key', 'host', '__proto__'), hostileText, { noNullPrototype: true }), run: redactHeaders },
  'core/events/redact-text#redactText': text(redactText, { check: (_input, answer) => assert.equal(redactText(String(answer)), answer, 'redacting again changes nothing') }),
  'core/events/redact-text#redactProtocols': text(redactProtocols),
  'core/events/restore-masked#maskForEditing': text(maskForEditing, {
    check: (input, answer) => assert.equal(restoreMasked((answer as MaskedText).text, input), input, 'what was not edited comes back byte for byte'),
  }),
  'core/traffic/field-paths#readFieldPaths': value(readFieldPaths, [...TRAFFIC_FIELDS], { throws: ['FieldPathError'] }),
  'core/traffic/traffic-ids#readTrafficIds': value((message) => readTrafficIds(message, DEFAULT_FIELD_PATHS), ['type', 'thread_id', 'run_id', 'payload', 'data', 'userId', 'connection_id'], {
    check: (_message, answer) => assert.ok(Object.values(answer as object).every((id) => typeof id === 'string' && id.trim() !== '' && id.length <= 1_024)),
  }),
  'core/diagnosis/recognise-log-message#recogniseLogMessage': text(recogniseLogMessage, { check: fieldsInside }),
  'core/diagnosis/recognise-log-message#recogniseUnwrapped': text((line) => recogniseUnwrapped(line, unwrapLine(line)), { check: fieldsInside }),
  'core/diagnosis/log-container#unwrapLine': text((line) => ({ ...unwrapLine(line), view: unwrapLine(line).view.text })),
  'core/diagnosis/log-container#readLevel': value(readLevel),
  'core/diagnosis/log-time#readStamp': { input: fc.tuple(hostileText, fc.nat(40)), run: ([line, at]: [string, number]) => readStamp(line, at) },
  'core/diagnosis/log-time#readTimeValue': value(readTimeValue),
  'core/diagnosis/json-string#readJsonString': {
    ...text((source) => readJsonString(plainView(source), 0)?.view.text),
    check(source: string, answer: unknown) {
      const end = readJsonString(plainView(source), 0)?.end;
      if (end === undefined || source[0] !== '"') return;
      let reference: unknown;
      try {
        reference = JSON.parse(source.slice(0, end + 1));
      } catch {
        return;
      }
      assert.equal(answer, reference, 'like JSON.parse');
    },
  },
  'core/diagnosis/python-repr#parsePythonRepr': text(parsePythonRepr),
  'core/diagnosis/diagnose#diagnose': text(diagnose),
  'core/diagnosis/diagnose-id#diagnoseId': text((id) => diagnoseId(id, undefined)),
  'core/diagnosis/log-analyser#LogAnalyser': text((lines) => {
    const analyser = new LogAnalyser();
    for (const line of lines.split('\n')) analyser.add(line);
    return analyser.finish();
  }),
  'core/diagnosis/near-misses#nearMisses': text((id) => nearMisses(id, ['thread_13679e4dcc38403a', 'thread_user_123', 'user_123', id, `${id}x`])),
};

/** At most fifty, each in few words. */
function fewProblems(_input: unknown, answer: unknown): void {
  const { problems } = answer as ReturnType<typeof parseScenario>;
  assert.ok(problems.length <= 50 && problems.every(({ path, expected, received }) => path.length + expected.length + received.length < 3_000));
}

function toJson(json: unknown): string {
  try {
    return JSON.stringify(json) ?? 'null';
  } catch {
    return '{';
  }
}

function summary({ formats, problems }: { readonly formats: ReadonlyArray<{ readonly name: string }>; readonly problems: readonly unknown[] }): unknown {
  return [formats.map(({ name }) => name), problems];
}

/** Each field of a message stands where it is said to stand. */
function fieldsInside(line: string, answer: unknown): void {
  const { fields = [] } = (answer ?? {}) as { fields?: ReadonlyArray<{ offset?: number; length?: number }> };
  for (const { offset = 0, length = 0 } of fields) assert.ok(offset >= 0 && offset + length <= line.length, 'fields stand inside the line');
}
