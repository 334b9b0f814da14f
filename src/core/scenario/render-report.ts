import { lanesOf, naming } from './lanes';
import { codeText, markdownTable, plainText } from '../markdown-table';
import type { Assertion, ScenarioReport, VariantReport } from './report';

const MOST_LANES = 300;
const MOST_LOG_LINES = 60;
const TITLES = { fault: 'With the fault', fix: 'With the fix' } as const;

/** One line: whether it went as expected. */
export function renderVerdict(report: ScenarioReport): string {
  const parts = report.variants.map((variant) => `${variant.variant === undefined ? '' : `${variant.variant} `}${verdictOf(variant)}`);
  return `${report.passed ? '✓' : '✗'} ${report.name}: ${parts.join(', ')} (${report.durationMs} ms)`;
}

/** The report as Markdown that can be read as text: what reached whom, what was expected, what the log doctor finds. */
export function renderReport(report: ScenarioReport): string {
  const { name, description, fault, variants } = report;
  return [
    `# ${plainText(name)}`,
    '',
    ...(description === undefined ? [] : [plainText(description), '']),
    `${report.passed ? '**As expected.**' : '**Not as expected.**'} ${fault === undefined ? '' : `Fault: ${codeText(fault)}. `}Run at ${report.startedAt}, ${report.durationMs} ms.`,
    '',
    ...variants.flatMap(renderVariant),
  ].join('\n');
}

function verdictOf({ passed, problem, assertions }: VariantReport): string {
  if (problem !== undefined) return `did not end: ${problem}`;
  const failed = assertions.filter((assertion) => !assertion.passed).length;
  return passed ? 'as expected' : `${failed} of ${assertions.length} expectations not met`;
}

function renderVariant(report: VariantReport): string[] {
  const { variant, description, problem, router, assertions, diagnoses } = report;
  const ids = Object.entries(report.ids);
  const nameOf = naming(report.ids);
  const behaviours = router.profile !== undefined ? `, profile ${codeText(router.profile)}` : `, behaviours ${router.behaviours.map(codeText).join(' ')}`;
  return [
    `## ${variant === undefined ? 'Run' : TITLES[variant]}: ${verdictMark(report)}`,
    '',
    ...(description === undefined ? [] : [plainText(description), '']),
    ...(problem === undefined ? [] : [`It did not run to its end: ${plainText(problem)}`, '']),
    `Router: dialect ${codeText(router.dialect)}${behaviours}${router.faults === 0 ? '' : `, ${router.faults} delivery ${router.faults === 1 ? 'fault' : 'faults'}`}.`,
    ...ids.map(([name, id]) => `- ${codeText(`{${name}}`)} is ${codeText(id)}`),
    '',
    '### What reached whom',
    '',
    ...renderLanes(report),
    '',
    ...renderReasons(report),
    ...renderAssertions(assertions, nameOf),
    '### What the log doctor finds',
    '',
    ...(diagnoses.length === 0 ? ['No fault.'] : diagnoses.map(({ id, title, verdict }) => `- **${plainText(title)}** (${codeText(id)}): ${plainText(nameOf(verdict))}`)),
    '',
    ...renderLog(report.log),
  ];
}

function verdictMark(report: VariantReport): string {
  return `${report.passed ? '✓' : '✗'} ${plainText(verdictOf(report).split(':')[0] ?? '')}`;
}

function renderLanes(report: VariantReport): string[] {
  const lanes = lanesOf(report);
  // One agent needs no column: tables are read in narrow editors, too.
  const several = new Set(report.events.map(({ agent }) => agent)).size > 1;
  const column = (agent: string): string[] => (several ? [agent] : []);
  const header = ['ms', ...column('agent'), 'event', ...report.clients.map(({ name, userId }) => (userId === undefined ? name : `${name} (${plainText(userId)})`)), 'outcome'];
  const rows = lanes.slice(0, MOST_LANES).map(({ at, agent, what, outcome, clients, times }) => [
    String(Math.round(at)), ...column(plainText(agent)), `${plainText(what)}${times > 1 ? ` ×${times}` : ''}`, ...clients.map(plainText), plainText(outcome),
  ]);
  const rest = lanes.length - MOST_LANES;
  return [...markdownTable([header, ...rows]), ...(rest > 0 ? ['', `… and ${rest} more lines.`] : [])];
}

/** Why events did not arrive, each reason once. */
function renderReasons({ events, ids }: VariantReport): string[] {
  const nameOf = naming(ids);
  const reasons = new Map<string, { readonly type: string; readonly expected: string | undefined; readonly received: string | undefined; count: number }>();
  for (const { type, receipt, final } of events) {
    for (const reason of new Set([receipt?.reason, final?.reason])) {
      if (reason === undefined) continue;
      const known = reasons.get(reason);
      if (known) known.count++;
      else reasons.set(reason, { type, expected: receipt?.expected, received: receipt?.received, count: 1 });
    }
  }
  if (reasons.size === 0) return [];
  const lines = [...reasons].slice(0, 20).map(([reason, { type, expected, received, count }]) => {
    const compare = expected === undefined ? '' : ` Expected ${plainText(expected)}, received ${plainText(received ?? 'nothing')}.`;
    return nameOf(`- ${plainText(type)}${count > 1 ? ` and ${count - 1} more` : ''}: ${plainText(reason)}${compare}`);
  });
  return ['The router says:', '', ...lines, ''];
}

function renderAssertions(assertions: readonly Assertion[], nameOf: (id: string) => string): string[] {
  if (assertions.length === 0) return [];
  const named = (text: string): string => plainText(nameOf(text));
  const rows = assertions.map(({ path, passed, expected, received }) => [passed ? '✓' : '✗', named(path), named(expected), named(received)]);
  return ['### What was expected', '', ...markdownTable([['', 'of', 'expected', 'received'], ...rows]), ''];
}

function renderLog(log: readonly string[]): string[] {
  if (log.length === 0) return [];
  const rest = log.length - MOST_LOG_LINES;
  return [
    '### What the original backend would have logged',
    '',
    '```log',
    ...log.slice(0, MOST_LOG_LINES).map((line) => line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').replaceAll('```', "'''")),
    ...(rest > 0 ? [`… and ${rest} more lines`] : []),
    '```',
    '',
  ];
}
