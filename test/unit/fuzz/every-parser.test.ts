import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { isLong, propertyRuns } from '../../harness/property-runs';
import { ROOT } from '../../harness/repository';
import { CORE_PARSERS } from './core-parsers';
import type { Fuzzed, FuzzTable } from './fuzzed';
import { longTexts } from './hostile';
import { ROUTER_PARSERS } from './router-parsers';
import { WORKBENCH_PARSERS } from './workbench-parsers';

const FUZZED: FuzzTable = { ...CORE_PARSERS, ...ROUTER_PARSERS, ...WORKBENCH_PARSERS };

/** What reads something from outside says so by its name. */
const READS = /^(?:read|parse|extract|recognise|scan|is|unwrap|redact|diagnose|analyse|compile|define|decode|check|limits|migrate|compare|import|rewrite)(?![a-z])|(?:Scanner|Lexer|Analyser|Gate|Table|Check|Policy|LinearPattern|UriHandler|Problem|Reader)$/;

/** Names that say so and read nothing from outside, or only through one that is fuzzed. */
const NOT_FUZZED: Readonly<Record<string, string>> = {
  'workbench/trace/search/decoders#GunzipReader': 'by BytesSource', 'workbench/trace/search/decoders#Utf16Reader': 'by BytesSource', 'core/behaviour/original/wire-message#rewriteType': 'no parser',
  'router/recording/import-har-file#importHarFile': 'by importHar', 'workbench/recording/har-commands#importHar': 'see test/workbench/command-arguments.test.ts',
  'core/is-record#isRecord': 'one expression',
  'core/events/name-value-pairs#isPairName': 'by redact', 'core/events/name-value-pairs#isPairValue': 'by redact', 'core/events/name-value-pairs#isHeaderList': 'by redact', 'core/events/name-value-pairs#isProtocolHeader': 'by redact',
  'core/scenario/check-references#checkReferences': 'by parseScenario', 'core/scenario/diagnose-run#diagnoseRun': 'by LogAnalyser', 'core/behaviour/original/association#isIgnored': 'two comparisons',
  'router/scenario/polling#checkCancelled': 'of a signal', 'router/scenario/scenario-files#readScenarioFile': 'by parseScenarioText', 'router/commands/command#readOptions': 'by readArguments',
  'core/diagnosis/id-facts#isDefinedThread': 'by diagnose', 'core/diagnosis/id-facts#isNone': 'by diagnose', 'core/diagnosis/id-facts#isComposite': 'by diagnose', 'core/diagnosis/id-facts#isSelfTest': 'by diagnose', 'core/diagnosis/id-facts#isBareRun': 'by diagnose',
  'core/diagnosis/id-facts#isTimestampThread': 'by diagnose', 'core/diagnosis/id-facts#isSubAgentRun': 'by diagnose', 'core/diagnosis/id-facts#isRunId': 'by diagnose',
  'core/ids/early-parsers#isLowerHexRange': 'by extractThreadId', 'core/ids/formats/programming-names#isProgrammingName': 'by readRunId',
  'core/ids/scan/scan-literals#scanLiterals': 'by scanText', 'core/ids/scan/characters#isAlphanumericCode': 'by scanText', 'core/ids/scan/characters#isTokenCode': 'by scanText', 'core/ids/scan/characters#isDigitCode': 'by scanText', 'core/ids/scan/characters#isForeignLetterAt': 'by scanText',
  'router/tap/tap-paths#isOwnPath': 'two comparisons', 'router/tap/target-addresses#isLoopbackTarget': 'by readTapTarget', 'router/inspection/close-code#checkCloseCode': 'comparisons', 'core/close-code#isSendableCloseCode': 'comparisons', 'workbench/settings#isPort': 'comparisons',
  'router/gate/host-header#isLoopbackHostname': 'by isLoopbackAddress', 'router/commands/option-values#readPort': 'by readArguments', 'router/commands/option-values#readOrigins': 'by readArguments', 'router/commands/option-values#readToken': 'by tokenProblem',
  'router/store/contents#readContents': 'of a database, see store/damage.test.ts', 'router/store/migrate#readValue': 'of a database', 'router/store/migrate#readFormat': 'of a database', 'router/store/migrate#migrate': 'a database, see store/migrations.test.ts',
  'core/recording/compare/normal-frame#isTime': 'by compareRecordings', 'core/recording/compare/compare-recordings#compareRecordings': 'of recordings that were read, see core/recording/compare.test.ts',
  'router/recording/compare-files#compareFiles': 'of files, by RecordingReader', 'router/recording/read-recording#readRecording': 'a file, by RecordingReader', 'router/recording/read-recording#checkSize': 'a file\'s size',
  'router/recording/recording-problem#fileProblem': 'words of an error', 'router/commands/report-problem#reportProblem': 'words of an error', 'workbench/recording/compare-recordings-command#compareRecordingsCommand': 'asks VS Code, see test/workbench',
  'workbench/scenarios/scenario-source#readScenarioArgument': 'asks VS Code, see test/workbench/command-arguments.test.ts', 'workbench/scenarios/scenario-source#isEntryNode': 'by readScenarioArgument', 'workbench/scenarios/scenario-source#readChoice': 'two comparisons',
  'webview/filter/check-pattern#PatternProblem': 'an error',
  'webview/frames/heartbeat#isHeartbeat': 'of a frame that was checked', 'webview/list/row-window#isAtEnd': 'arithmetic', 'webview/timeline/draw-timeline#readColors': 'of the page\'s own style',
  'workbench/hover/verdict#isRouted': 'of a reading', 'workbench/log-documents#isLogDocument': 'two comparisons', 'workbench/source/analysed-file#analyseFile': 'by analyseSource', 'workbench/source/source-languages#isTestFile': 'a name in the workspace',
  'workbench/insight/explain-request#readExplainRequest': 'asks VS Code, see test/workbench/explain', 'workbench/insight/source/token#isNameStart': 'by the lexers', 'workbench/insight/source/token#isDigit': 'by the lexers', 'workbench/insight/source/token#isNamePart': 'by the lexers',
  'workbench/insight/source/lexer#Lexer': 'by its two kinds', 'workbench/ids/decode-id#decodeIdCommand': 'asks VS Code, see test/workbench',
};

function exportedReaders(): string[] {
  return globSync('src/**/*.ts', { cwd: ROOT }).flatMap((file) => {
    const module = file.replaceAll('\\', '/').replace(/^src\//, '').replace(/\.ts$/, '');
    const exported = readFileSync(join(ROOT, file), 'utf8').matchAll(/^export (?:abstract )?(?:async )?(?:function\*?|class) (\w+)/gm);
    return Array.from(exported, ([, name = '']) => name).filter((name) => READS.test(name)).map((name) => `${module}#${name}`);
  });
}

/** How often a parser was given something. */
let tried = 0;

/** What came of one input: an answer, or the name of an error that the documentation allows. */
async function outcome(fuzzed: Fuzzed, input: unknown): Promise<{ readonly answer: unknown } | { readonly error: string }> {
  tried++;
  try {
    return { answer: await fuzzed.run(input) };
  } catch (error) {
    const name = error instanceof Error ? error.constructor.name : typeof error;
    if (fuzzed.throws?.includes(name) !== true) throw error;
    assert.ok(error instanceof Error && error.message.length > 0 && error.message.length < 2_000, 'an error says what is wrong, in few words');
    return { error: name };
  }
}

/** Longer by `THREAD_LENS_LONG_MINUTES`, see test/harness/property-runs.ts; that time is for all together. */
describe('every parser and guard', () => {
  after(() => {
    if (isLong) process.stdout.write(`    ${tried} inputs\n`);
  });

  it('is fuzzed, or has a reason why not', () => {
    const readers = exportedReaders();
    assert.deepEqual(readers.filter((name) => !(name in FUZZED) && !(name in NOT_FUZZED)), [], 'new ones: add them to a table here');
    const known = new Set(globSync('src/**/*.ts', { cwd: ROOT }).map((file) => file.replaceAll('\\', '/').replace(/^src\//, '').replace(/\.ts$/, '')));
    assert.deepEqual(Object.keys(FUZZED).filter((name) => !known.has(name.split('#')[0] ?? '')), [], 'fuzzed and gone');
    assert.deepEqual(Object.keys(NOT_FUZZED).filter((name) => !readers.includes(name)), [], 'not fuzzed and gone');
  });

  const table = Object.entries(FUZZED);
  for (const [name, fuzzed] of table) {
    it(`${name} answers whatever comes, the same each time`, async function () {
      const { parameters, timeoutMs } = propertyRuns(200);
      this.timeout(timeoutMs);
      await fc.assert(
        fc.asyncProperty(fuzzed.input, async (input) => {
          const first = await outcome(fuzzed, input);
          assert.deepEqual(await outcome(fuzzed, input), first, 'the same answer');
          if ('answer' in first) fuzzed.check?.(input, first.answer);
        }),
        isLong ? { ...parameters, interruptAfterTimeLimit: (parameters.interruptAfterTimeLimit ?? 0) / table.length } : parameters,
      );
    });
  }

  // What is not linear does not come to an end here: the time of the test is for texts a hundred times as long.
  const length = isLong ? 1_000_000 : 60_000;
  for (const [name, fuzzed] of table.filter(([, { isText }]) => isText === true)) {
    it(`${name} comes to an end on long texts`, async function () {
      this.timeout(isLong ? 120_000 : 20_000);
      for (const text of longTexts(length)) await outcome(fuzzed, text);
    });
  }
});
