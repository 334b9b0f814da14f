import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { FormatTable } from '../../../src/core/index';
import { readAttachUrl } from '../../../src/workbench/attach/attach-url';
import { isDiagnosedByItself, readDoctorSettings } from '../../../src/workbench/doctor/doctor-settings';
import { readContractFile } from '../../../src/workbench/formats/contract-file';
import { jsonPlaces } from '../../../src/workbench/formats/json-places';
import { decode } from '../../../src/workbench/ids/decode-id';
import { diagnoseLine, readLineEvent } from '../../../src/workbench/insight/line-event';
import { analyseSource } from '../../../src/workbench/insight/source/analyse-source';
import { isExtraction, isGenerator, isPlain, isQuestion } from '../../../src/workbench/insight/source/id-words';
import { lexerFor, readNames } from '../../../src/workbench/insight/source/lex';
import { PythonLexer } from '../../../src/workbench/insight/source/python-lexer';
import { ScriptLexer } from '../../../src/workbench/insight/source/script-lexer';
import { DecodeUriHandler } from '../../../src/workbench/links/decode-uri-handler';
import { escapeMarkdown, inlineCode, showInvisible } from '../../../src/workbench/markdown-text';
import { areInlayHintsEnabled, areLinksEnabled, isHoverEnabled, isRouterAutoStarted, readRouterSettings, readStatusBarVisibility } from '../../../src/workbench/settings';
import { readSimulationRequest } from '../../../src/workbench/simulate/simulation-request';
import { readLine } from '../../../src/workbench/trace/read-line';
import { BytesSource } from '../../../src/workbench/trace/search/bytes-source';
import { Needle } from '../../../src/workbench/trace/search/byte-memory';
import { LineScanner } from '../../../src/workbench/trace/search/line-scanner';
import { readExcerpt } from '../../../src/workbench/trace/search/read-excerpt';
import { isLogName } from '../../../src/workbench/trace/search/source-order';
import { distinctivePart, targetOf, threadsOf } from '../../../src/workbench/trace/trace-target';
import type { BreakpointRule } from '../../../src/protocol/breakpoints';
import { readRuleText, ruleText } from '../../../src/workbench/tap/rule-text';
import { readTapSettings } from '../../../src/workbench/tap/tap-settings';
import type { VscodeApi } from '../../../src/workbench/vscode-api';
import { bodyContent } from '../../../src/webview/body/body-content';
import { checkPattern } from '../../../src/webview/filter/check-pattern';
import { parseFilter } from '../../../src/webview/filter/parse-filter';
import { readPageState } from '../../../src/webview/page-state';
import { createFakeVscode } from '../../workbench/fake/fake-vscode';
import type { Fuzzed, FuzzTable } from './fuzzed';
import { hostileBytes, hostileText, hostileValue } from './hostile';

const text = (run: (input: string) => unknown, more: Partial<Fuzzed<string>> = {}): Fuzzed<string> => ({ input: hostileText, run, isText: true, ...more });
const value = (run: (input: unknown) => unknown, keys: readonly string[], more: Partial<Fuzzed> = {}): Fuzzed => ({ input: hostileValue(keys), run, ...more });

const fake = createFakeVscode();

/** A VS Code whose every setting has that value, as a settings file edited by hand may have it. */
function withSetting(setting: unknown): VscodeApi {
  return { ...fake.api, workspace: { ...fake.api.workspace, getConfiguration: () => ({ get: () => setting }) } } as unknown as VscodeApi;
}
const settings = (run: (api: VscodeApi) => unknown, check?: (input: unknown, answer: unknown) => void): Fuzzed => ({ input: hostileValue(), run: (setting) => run(withSetting(setting)), ...(check ? { check } : {}) });
const scope = fake.api.Uri.parse('file:///a.log');

const lexed = (Lexer: typeof PythonLexer | typeof ScriptLexer): Fuzzed<string> =>
  text((source) => {
    const lexer = new Lexer(source);
    const spans: Array<[number, number]> = [];
    for (let token = lexer.next(); token; token = lexer.next()) spans.push([token.start, token.end]);
    return spans;
  }, {
    check(source, answer) {
      let end = 0;
      for (const [start, to] of answer as Array<[number, number]>) {
        assert.ok(start >= end && to > start && to <= source.length, 'tokens go forwards and stand inside');
        end = to;
      }
    },
  });

export const WORKBENCH_PARSERS: FuzzTable = {
  'workbench/settings#readRouterSettings': settings(readRouterSettings, (_input, answer) => {
    const { port, host, allowedOrigins } = answer as ReturnType<typeof readRouterSettings>;
    assert.ok(Number.isInteger(port) && port >= 0 && port <= 65_535 && host.trim() !== '' && allowedOrigins.every((origin) => typeof origin === 'string'));
  }),
  'workbench/tap/tap-settings#readTapSettings': settings(readTapSettings, (_input, answer) => {
    const { port, target, holdTimeout } = answer as ReturnType<typeof readTapSettings>;
    assert.ok(Number.isInteger(port) && typeof target === 'string' && (holdTimeout === undefined || holdTimeout > 0));
  }),
  'workbench/settings#readStatusBarVisibility': settings(readStatusBarVisibility),
  'workbench/settings#isRouterAutoStarted': settings(isRouterAutoStarted),
  'workbench/settings#isHoverEnabled': settings((api) => isHoverEnabled(api, undefined)),
  'workbench/settings#areLinksEnabled': settings((api) => areLinksEnabled(api, undefined)),
  'workbench/settings#areInlayHintsEnabled': settings((api) => areInlayHintsEnabled(api, undefined)),
  'workbench/doctor/doctor-settings#readDoctorSettings': settings((api) => readDoctorSettings(api, scope), (_input, answer) => assert.ok((answer as { maxLength: number }).maxLength >= 0)),
  'workbench/doctor/doctor-settings#isDiagnosedByItself': settings((api) => isDiagnosedByItself(api, { uri: scope, languageId: 'log' } as never)),
  'workbench/tap/rule-text#readRuleText': {
    input: hostileText,
    run: (input) => readRuleText('in', String(input)),
    check: (_input, rule) => assert.deepEqual(readRuleText('in', ruleText(rule as BreakpointRule)), rule, 'what is shown is read as the same'),
    isText: true,
  },
  'workbench/simulate/simulation-request#readSimulationRequest': value(readSimulationRequest, ['runId', 'threadId', 'type', 'agentName', 'payload'], { throws: ['SimulationRequestError'] }),
  'workbench/formats/contract-file#readContractFile': {
    input: fc.oneof(hostileBytes, hostileValue(['version', 'formats', 'name', 'template']).map((json) => Buffer.from(jsonOf({ version: 1, formats: json })))),
    run: (bytes: Uint8Array) => {
      const { formats, diagnostics } = readContractFile(fake.api, bytes);
      return [formats.map(({ name }) => name), diagnostics.map(({ message, range }) => [message, range.start.line, range.start.character])];
    },
  },
  'workbench/formats/json-places#jsonPlaces': text((json) => [...jsonPlaces(json)], {
    check: (json, answer) => assert.ok((answer as Array<[string, { start: number; end: number }]>).every(([, { start, end }]) => start >= 0 && start <= end && end <= json.length), 'places stand inside'),
  }),
  'workbench/attach/attach-url#readAttachUrl': {
    ...text(readAttachUrl, { throws: ['AttachUrlError'] }),
    input: fc.oneof(hostileText, fc.webUrl({ withQueryParameters: true, withFragments: true })),
    check: (_input: unknown, answer: unknown) => assert.ok(/^https?:\/\//.test((answer as { base: string }).base)),
  },
  'workbench/ids/decode-id#decode': text((id) => decode(id)?.readings.length),
  'workbench/insight/line-event#readLineEvent': text((line) => readLineEvent(line, undefined)),
  'workbench/insight/line-event#diagnoseLine': text((line) => diagnoseLine(line, undefined)),
  'workbench/insight/source/analyse-source#analyseSource': text((source) => (['python', 'script'] as const).map((language) => {
    const analysis = analyseSource(source, language === 'python' ? 'python' : 'script', FormatTable.builtIn);
    let step = analysis.next();
    while (step.done !== true) step = analysis.next();
    return step.value;
  })),
  'workbench/insight/source/lex#lexerFor': text((source) => lexerFor(source, 'python').next()?.kind),
  'workbench/insight/source/lex#readNames': text((source) => [readNames(source, 'python'), readNames(source, 'script')]),
  'workbench/insight/source/python-lexer#PythonLexer': lexed(PythonLexer),
  'workbench/insight/source/script-lexer#ScriptLexer': lexed(ScriptLexer),
  'workbench/insight/source/id-words#isPlain': text((name) => isPlain(name, 'run')),
  'workbench/insight/source/id-words#isQuestion': text(isQuestion),
  'workbench/insight/source/id-words#isExtraction': text(isExtraction),
  'workbench/insight/source/id-words#isGenerator': text(isGenerator),
  'workbench/links/decode-uri-handler#DecodeUriHandler': {
    input: fc.tuple(fc.oneof(fc.constant('/decode'), hostileText), fc.oneof(hostileText, hostileText.map((id) => `id=${id}`))),
    run: ([path, query]: [string, string]) => {
      const said: string[] = [];
      const say = (message: string): Promise<undefined> => (said.push(message), Promise.resolve(undefined));
      const api = { ...fake.api, window: { ...fake.api.window, showWarningMessage: say, showInformationMessage: say } } as unknown as VscodeApi;
      new DecodeUriHandler(api, { table: FormatTable.builtIn } as never).handleUri({ path, query, scheme: 'vscode', authority: 'thread-lens.thread-lens' } as never);
      return said;
    },
    check: (_input: unknown, answer: unknown) => assert.ok((answer as string[]).length === 1 && (answer as string[]).every((message) => message.length < 3_000), 'one message, not a long one'),
  },
  'workbench/markdown-text#escapeMarkdown': text(escapeMarkdown, { check: (_input, answer) => assert.ok(!/[\n\r]|(?<!\\)[<`[\]]/.test(String(answer)), 'nothing means anything') }),
  'workbench/markdown-text#inlineCode': text(inlineCode, {
    check(_input, answer) {
      const [fence = ''] = /^`+/.exec(String(answer)) ?? [];
      assert.ok(!String(answer).slice(fence.length, -fence.length).split(/[^`]+/).includes(fence), 'its content does not end it');
    },
  }),
  'workbench/markdown-text#showInvisible': text(showInvisible, { check: (_input, answer) => assert.equal(showInvisible(String(answer)), answer) }),
  'workbench/trace/read-line#readLine': text((line) => readLine(fake.api, line, () => []).entry),
  'workbench/trace/search/source-order#isLogName': text(isLogName),
  'workbench/trace/trace-target#targetOf': text(targetOf),
  'workbench/trace/trace-target#threadsOf': text((id) => [...threadsOf(id)]),
  'workbench/trace/trace-target#distinctivePart': text(distinctivePart),
  'workbench/trace/search/bytes-source#BytesSource': {
    input: fc.oneof(hostileBytes, hostileText.map((log) => gzipSync(log)), fc.tuple(hostileText, fc.nat(40)).map(([log, cut]) => gzipSync(log).subarray(0, cut))),
    run: (bytes: Uint8Array) => linesOf(bytes),
    throws: ['SourceError'],
  },
  'workbench/trace/search/read-excerpt#readExcerpt': {
    input: fc.tuple(hostileBytes, fc.integer({ min: 1, max: 50 })),
    run: ([bytes, line]: [Uint8Array, number]) => readExcerpt(sourceOf(bytes), line),
    throws: ['SourceError'],
  },
  'workbench/trace/search/line-scanner#LineScanner': {
    input: hostileText,
    run: (log: string) => linesOf(Buffer.from(log)),
    throws: ['SourceError'],
    check(log: string, answer: unknown) {
      const expected = Buffer.from(log).toString().split('\n').filter((line) => line.includes('run_'));
      assert.equal((answer as string[]).length, expected.length, 'every line with the needle, once');
    },
  },
  'webview/filter/parse-filter#parseFilter': text((filter) => parseFilter(filter).problems),
  'webview/filter/check-pattern#checkPattern': text((pattern) => checkPattern(pattern).source, { throws: ['PatternProblem'] }),
  'webview/page-state#readPageState': value(readPageState, ['filter', 'tab', 'split', 'span', 'selected', 'top'], { check: (_input, answer) => assert.equal(typeof (answer as { filter: unknown }).filter, 'string') }),
  'webview/body/body-content#bodyContent': text((base64) => bodyContent({ base64 })?.bytes.length),
};

const sourceOf = (bytes: Uint8Array): BytesSource => new BytesSource('file:///a.log', 'a.log', () => Promise.resolve(bytes));
const NEEDLE = new Needle('run_');

/** The lines of a log with `run_` in them. */
async function linesOf(bytes: Uint8Array): Promise<string[]> {
  const { reader } = await sourceOf(bytes).open();
  const lines: string[] = [];
  try {
    await new LineScanner().scan(reader, {
      needles: () => [{ needle: NEEDLE, until: Infinity }],
      line: ({ text: line }) => void lines.push(line),
      longLine: () => undefined,
      progress: () => undefined,
      signal: undefined,
    });
  } finally {
    await reader.close();
  }
  return lines;
}

function jsonOf(json: unknown): string {
  try {
    return JSON.stringify(json) ?? 'null';
  } catch {
    return '{';
  }
}
