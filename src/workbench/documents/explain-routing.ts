import { compareDialects, readRunId } from '../../core/index';
import { askForId, firstIdIn, textAtCursor } from '../ids/id-at-cursor';
import { answerFor } from '../live/live-answer';
import type { RouterController } from '../router/router-controller';
import type { VscodeApi } from '../vscode-api';
import type { ExplanationFacts } from '../insight/explanation';
import type { LazyInsight } from '../lazy-insight';
import type { VirtualDocuments } from './virtual-documents';

/** `Thread Lens: Explain Routing…`: opens the explanation of an ID or of the ID in a log line, and answers its facts. */
export async function explainRoutingCommand(
  api: VscodeApi,
  router: RouterController,
  documents: VirtualDocuments,
  insight: LazyInsight,
  argument: unknown,
): Promise<ExplanationFacts | undefined> {
  const given = typeof argument === 'string' ? argument : undefined;
  const text = given ?? textAtCursor(api) ?? (await askForId(api, api.l10n.t('Explain Routing')));
  if (text === undefined) return undefined;
  const id = firstIdIn(text);
  const facts: ExplanationFacts = {
    id,
    readings: readRunId(id),
    dialects: compareDialects(id),
    route: await answerFor(id, router),
    now: Date.now(),
  };
  await documents.show(`Routing of ${id.length > 60 ? `${id.slice(0, 60)}…` : id}.md`, insight.load().renderExplanation(facts));
  return facts;
}
