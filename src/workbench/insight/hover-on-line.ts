import type * as vscode from 'vscode';
import { isReproducible, readRunId } from '../../core/index';
import type { IdFormats } from '../formats/id-formats';
import { eventCard, eventSpan, explainPlace } from '../hover/event-card';
import { foundIdAt, type IdOnLine } from '../hover/found-id-at';
import { writeActions } from '../hover/hover-actions';
import { idCard } from '../hover/hover-card';
import { answerFor, type RouteAnswer } from '../live/live-answer';
import type { LiveModel } from '../live/live-model';
import { isLogDocument } from '../log-documents';
import type { Live } from '../live/live';
import type { VscodeApi } from '../vscode-api';
import { readLineEvent, type LineEvent } from './line-event';
import { liveStateOf } from './live-state';
import { rightThread } from './right-thread';

/** Lines up to this length are read whole; of longer ones only what is around the mouse, in characters. */
const WHOLE_LINE = 16_384;
const WINDOW = 4096;

/** What a hover needs of the window it is in. */
export interface HoverScene {
  readonly api: VscodeApi;
  readonly live: Live;
  readonly model: LiveModel;
  /** How IDs are read. */
  readonly formats: Pick<IdFormats, 'table' | 'onDidChange'>;
  readonly now: () => number;
}

/** A part of a line. */
interface Excerpt {
  readonly text: string;
  readonly start: number;
}

/** The hover at a place: the event of its line first, then the ID under the mouse. Reads nothing but that line. */
export async function hoverOnLine(scene: HoverScene, document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
  const line = document.lineAt(position.line).text;
  const excerpt = excerptOf(line, position.character);
  const found = foundIdAt(line, position.character, scene.formats.table);
  if (found) {
    const route = await answerFor(found.reading.text, scene.live);
    return hoverOnId(scene, document, position, found, route, eventOf(scene, document, excerpt, route));
  }
  const event = eventOf(scene, document, excerpt);
  return event?.diagnosis && hoverOnEvent(scene, document, position, event, excerpt);
}

function excerptOf(line: string, character: number): Excerpt {
  if (line.length <= WHOLE_LINE) return { text: line, start: 0 };
  const start = Math.max(0, character - WINDOW);
  return { text: line.slice(start, character + WINDOW), start };
}

/** Words such as "JWT validation failed" count in logs; elsewhere only whole messages of the backend do. */
function eventOf({ model, formats: { table } }: HoverScene, document: vscode.TextDocument, { text }: Excerpt, route?: RouteAnswer): LineEvent | undefined {
  const event = readLineEvent(text, liveStateOf(model, route), table);
  return event?.message !== undefined || isLogDocument(document) ? event : undefined;
}

function hoverOnEvent(scene: HoverScene, document: vscode.TextDocument, position: vscode.Position, event: LineEvent, excerpt: Excerpt): vscode.Hover | undefined {
  const { api } = scene;
  const { table } = scene.formats;
  const card = eventCard(api, event, table);
  const span = eventSpan(event);
  if (!card || !span) return undefined;
  const thread = event.diagnosis && rightThread(event.diagnosis, table);
  writeActions(card, api, {
    explain: explainPlace(document, position.line),
    ...reproducing(document, position, event),
    simulate: thread === undefined ? undefined : { threadId: thread },
    copy: thread,
    isRunning: scene.live.client !== undefined,
  });
  const offset = excerpt.start + span.offset;
  return new api.Hover(card.markdown, new api.Range(position.line, offset, position.line, offset + span.length));
}

function hoverOnId(
  { api, live, formats, now }: HoverScene,
  document: vscode.TextDocument,
  position: vscode.Position,
  { reading, offset, length }: IdOnLine,
  route: RouteAnswer,
  event: LineEvent | undefined,
): vscode.Hover {
  const card = idCard(api, reading, readRunId(reading.text, { table: formats.table }), route, now());
  const first = event && eventCard(api, event, formats.table);
  // A hover shows about ten lines: the actions stand above what may have to be scrolled to.
  writeActions(event?.diagnosis && first ? first : card, api, {
    explain: event?.diagnosis ? explainPlace(document, position.line) : reading.text,
    ...reproducing(document, position, event),
    simulate: reading.kind === 'thread' ? { threadId: reading.text } : { runId: reading.text },
    copy: route.answer.threadId ?? reading.text,
    isRunning: live.client !== undefined,
  });
  const range = new api.Range(position.line, offset, position.line, offset + length);
  return new api.Hover(first ? [first.rule().markdown, card.markdown] : card.markdown, range);
}

function reproducing(document: vscode.TextDocument, position: vscode.Position, event: LineEvent | undefined): { readonly reproduce?: unknown } {
  const diagnosis = event?.diagnosis;
  return diagnosis && isReproducible(diagnosis) ? { reproduce: { ...explainPlace(document, position.line), fault: diagnosis.id } } : {};
}
