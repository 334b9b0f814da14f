import type * as vscode from 'vscode';
import { clip } from '../../core/clip';
import { compareDialects, diagnose, isReproducible, readRunId, recogniseLogMessage, scanText, type Diagnosis, type FormatTable, type IdKind } from '../../core/index';
import { COMMANDS } from '../commands';
import type { DocumentAction, VirtualDocuments } from '../documents/virtual-documents';
import { firstIdIn } from '../ids/id-at-cursor';
import { answerFor } from '../live/live-answer';
import { isLogDocument } from '../log-documents';
import type { VscodeApi } from '../vscode-api';
import { examineLines } from './examine-lines';
import { readExplainRequest, type ExplainRequest } from './explain-request';
import { renderExplanation } from './explanation';
import type { ExplanationFacts, IdFacts } from './explanation-facts';
import type { HoverScene } from './hover-on-line';
import { diagnoseLine } from './line-event';
import { liveStateOf } from './live-state';

/** Lines before and behind the explained ones that are read for what they tell about them. */
const LINES_BEFORE = 20_000;
const LINES_BEHIND = 500;
/** Lines in which an ID is looked for. */
const MOST_SCANNED = 50;

/** `Thread Lens: Explain Routing…`: opens the explanation of an ID, of a pasted log, or of lines of a document; answers the diagnoses in it. */
export async function explainRouting(scene: HoverScene, documents: VirtualDocuments, argument: unknown): Promise<readonly Diagnosis[] | undefined> {
  const request = await readExplainRequest(scene, argument);
  if (!request) return undefined;
  const facts = await gatherFacts(scene, request);
  if (!facts) return undefined;
  const { diagnoses, source } = facts;
  const links = request.kind === 'place' && source !== undefined ? [{ label: source, uri: request.document.uri }] : [];
  const explanation = renderExplanation(scene.api, facts);
  const reproduction = facts.lines !== undefined && diagnoses.some(isReproducible) ? reproduceAction(scene.api, request) : undefined;
  const text = reproduction ? `${explanation.trimEnd()}\n\n${reproduction.text}\n` : explanation;
  await documents.show(nameFor(scene.api, facts), text, links, reproduction ? [reproduction] : []);
  return diagnoses;
}

/** The line at the end of an explanation that runs the fault in a local router. */
function reproduceAction({ l10n }: VscodeApi, request: ExplainRequest): DocumentAction {
  const argument = request.kind === 'place' ? { uri: request.document.uri.toString(), line: request.from + 1, endLine: request.to + 1 } : request.text;
  return { text: l10n.t('Reproduce Locally'), command: COMMANDS.reproduce, arguments: [argument] };
}

/** Name of the document: each explained place has one of its own. */
function nameFor({ l10n }: VscodeApi, { about, source, lines, firstLine }: ExplanationFacts): string {
  if (source !== undefined && lines !== undefined) return `${l10n.t('Routing in {0}, line {1}', source, firstLine)}.md`;
  const subject = about?.id ?? l10n.t('log');
  return `${l10n.t('Routing of {0}', clip(subject, 60))}.md`;
}

/** What is to be said of an ID, of a pasted log, or of lines of a document. */
export async function gatherFacts(scene: HoverScene, request: ExplainRequest): Promise<ExplanationFacts> {
  const live = liveStateOf(scene.model);
  const isPlace = request.kind === 'place';
  const lines = isPlace ? linesOf(request) : request.text.split(/\r?\n/);
  const [line = ''] = lines;
  const single = lines.length === 1;
  const { table } = scene.formats;
  const own = single ? diagnoseLine(line, live, table) : diagnose({ lines, live, table });
  const isLog = own.length > 0 || lines.some((each) => recogniseLogMessage(each) !== undefined);
  const rest = {
    source: isPlace ? nameOf(request.document) : undefined,
    firstLine: isPlace ? request.from + 1 : 1,
    now: scene.now(),
  };
  if (!isLog && single) {
    const id = (isPlace ? request.id : undefined) ?? firstIdIn(line, table);
    const about = await idFacts(scene, id);
    const known = liveStateOf(scene.model, about.route);
    // Several words that are no ID would be told what an ID of theirs lacks.
    const isProse = about.readings.length === 0 && /\s/.test(id);
    return { about, diagnoses: isProse ? [] : diagnose({ id, live: known, table }), lines: undefined, ...rest };
  }
  const diagnoses = isPlace && isLog ? await inContext(scene, request, own) : own;
  const id = (isPlace ? request.id : undefined) ?? subjectOf(lines, diagnoses, table);
  return { about: id === undefined ? undefined : await idFacts(scene, id), diagnoses, lines, ...rest };
}

async function idFacts({ live, model, formats: { table } }: HoverScene, id: string): Promise<IdFacts> {
  const connection = model.connections.get(id);
  return {
    id,
    readings: readRunId(id, { table }),
    dialects: compareDialects(id),
    route: await answerFor(id, live),
    ...(connection === undefined ? {} : { listensOn: connection.threads }),
  };
}

type Place = Extract<ExplainRequest, { kind: 'place' }>;

function linesOf({ document, from, to }: Place): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => document.lineAt(from + index).text);
}

function nameOf({ uri }: vscode.TextDocument): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}

/** What the log around them tells of some lines; what they tell by themselves when it tells nothing. */
async function inContext({ api, model, formats: { table } }: HoverScene, { document, from, to }: Place, own: readonly Diagnosis[]): Promise<readonly Diagnosis[]> {
  if (!isLogDocument(document)) return own;
  const range = { from: Math.max(0, from - LINES_BEFORE), to: to + LINES_BEHIND };
  const title = api.l10n.t('Reading the log around the line');
  const all = await api.window.withProgress({ location: api.ProgressLocation.Window, title }, () =>
    examineLines(document, { live: liveStateOf(model), table, ...range }),
  );
  const isSame = (one: Diagnosis, other: Diagnosis): boolean =>
    one.id === other.id && one.threadId === other.threadId && one.runId === other.runId;
  const told = all?.filter(
    (diagnosis) =>
      diagnosis.evidence.some(({ line = 0 }) => line > from && line <= to + 1) || own.some((other) => isSame(diagnosis, other)),
  );
  return told === undefined || told.length === 0 ? own : told;
}

/** The ID that the lines are about. */
function subjectOf(lines: readonly string[], [leading]: readonly Diagnosis[], table: FormatTable): string | undefined {
  const named = leading?.runId ?? leading?.threadId ?? leading?.connectionId;
  if (named !== undefined && readRunId(named, { table }).length > 0) return named;
  const ids = lines.slice(0, MOST_SCANNED).flatMap((line) => [...scanText(line, { table })].flatMap(({ parsed }) => parsed ?? []));
  const ofKind = (kind: IdKind): string | undefined => ids.find((id) => id.kind === kind)?.text;
  return ofKind('run') ?? ofKind('thread') ?? ids[0]?.text;
}
