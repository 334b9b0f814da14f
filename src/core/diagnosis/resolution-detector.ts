import { BoundedMap } from '../bounded-map';
import { type Detector, evidenceOf, type Scene, type Sighting } from './detector';
import { explainAnswer } from './answer';
import type { Finding } from './findings';
import { blacklistedPart, falseExtraction, isComposite, isSelfTest, isTimestampThread, ownThread } from './id-facts';
import { fieldOf } from './log-message';
import { parsePythonRepr } from './python-repr';
import { RunSources } from './run-sources';
import { explainUnresolved } from './unresolved';

const MOST_RUNS = 10_000;

/** The lines that the bridge writes of one failed resolution, in their order. */
const FAILURE_LINES = ['failure', 'context', 'impact', 'exception'] as const;
type FailureLine = (typeof FAILURE_LINES)[number];

/** Run ID to thread ID: the chain, the registry, the patterns. */
export class ResolutionDetector implements Detector {
  private readonly expired = new BoundedMap<string, true>(MOST_RUNS);
  private readonly sources = new RunSources();
  private firstGuess: Sighting | undefined;
  /** By run, the lines that are still to come of its latest failure; those of several runs may be interleaved. */
  private readonly failing = new BoundedMap<string, Set<FailureLine>>(MOST_RUNS);

  constructor(private readonly scene: Scene) {}

  observe(sighting: Sighting): void {
    const { message } = sighting;
    const { state } = this.scene;
    const runId = message.runId?.value;
    const threadId = message.threadId?.value;
    switch (message.id) {
      case 'registry-started':
        state.forgetMappings();
        break;
      case 'priority-1-success':
      case 'lookup-success':
        if (runId !== undefined && threadId !== undefined) this.fromRegistry(sighting, runId, threadId);
        break;
      case 'priority-2-success':
        if (runId !== undefined && threadId !== undefined) this.checkAnswer(sighting, runId, threadId, 'The orchestrator');
        break;
      case 'priority-3-success':
        if (runId !== undefined) this.asItStands(sighting, runId);
        break;
      case 'priority-4-success':
        if (runId !== undefined && threadId !== undefined) this.guessed(sighting, runId, threadId);
        break;
      case 'pattern-match':
        this.patternMatch(sighting, runId, threadId);
        break;
      case 'pattern-invalid':
        if (runId !== undefined) this.refused(sighting, runId);
        break;
      case 'registered':
      case 'mapping-registered':
        if (runId !== undefined && threadId !== undefined) this.registered(sighting, runId, threadId);
        break;
      case 'unregistered':
        if (runId !== undefined) this.unregistered(runId, threadId);
        break;
      case 'lookup-expired':
        if (runId !== undefined) this.lookupExpired(sighting, runId);
        break;
      case 'unresolved':
        if (runId !== undefined) this.unresolved(sighting, runId, 'failure');
        break;
      case 'business-impact':
        if (runId !== undefined) this.unresolved(sighting, runId, 'impact');
        break;
      case 'emission-exception':
        this.exception(sighting, runId);
        break;
      case 'priority-exception':
      case 'priority-invalid':
      case 'registration-failed':
        this.sourceFailed(sighting, runId);
        break;
      case 'resolution-context':
        this.context(sighting);
        break;
      case 'bad-run-id-input':
        this.report(sighting, { id: 'bad-context', key: 'input', confidence: 0.97, verdict: 'The resolver was called with a run ID that is missing, blank or no string.', expected: 'a non-blank string' });
        break;
      default:
    }
  }

  finish(): void {
    const verdict = this.sources.verdict();
    if (verdict === undefined || this.firstGuess === undefined) return;
    const { message } = this.firstGuess;
    this.report(this.firstGuess, { id: 'guess-not-fact', key: '', runId: message.runId?.value, threadId: message.threadId?.value, confidence: 0.9, verdict });
  }

  private report(sighting: Sighting, finding: Finding): void {
    this.scene.findings.add(finding, evidenceOf(sighting, sighting.message.threadId ?? sighting.message.runId));
  }

  private fromRegistry(sighting: Sighting, runId: string, threadId: string): void {
    const mapping = this.scene.state.registry.get(runId);
    if (mapping?.guessed !== true) this.sources.fact(runId);
    if (threadId === runId) this.scene.state.answeredItself.set(runId, true);
    else this.scene.state.answeredItself.delete(runId);
    this.checkAnswer(sighting, runId, threadId, 'The registry');
  }

  /** Whether a source answered with a thread ID that is none. */
  private checkAnswer(sighting: Sighting, runId: string, threadId: string, who: string, confidence = 0.97): void {
    const own = ownThread(threadId);
    if (isComposite(threadId) && threadId !== `thread_${runId}`) {
      this.report(sighting, {
        id: 'poisoned-registry',
        key: runId,
        runId,
        threadId,
        confidence,
        verdict: `${who} answers ${runId === threadId ? 'the run ID itself' : threadId} for ${runId}: a wrong extraction was stored, and it stays wrong until the mapping is removed.`,
        ...(own === undefined ? {} : { expected: own }),
        received: threadId,
      });
    } else this.checkThread(sighting, runId, threadId, `${who} answered`);
  }

  private checkThread(sighting: Sighting, runId: string, threadId: string, how: string): void {
    const finding = explainAnswer(runId, threadId, how, this.scene.state.table);
    if (finding !== undefined) this.report(sighting, finding);
  }

  private asItStands(sighting: Sighting, runId: string): void {
    if (!isComposite(runId)) return;
    this.compositeKept(sighting, runId, runId, 'Priority 3 took the composite run ID for a thread as it stands');
  }

  private compositeKept(sighting: Sighting, runId: string, threadId: string, how: string): void {
    const own = ownThread(threadId);
    this.scene.findings.add(
      {
        id: 'composite-as-thread',
        key: threadId,
        runId,
        threadId,
        confidence: 0.95,
        verdict: `${how}; connections listen on ${own ?? 'the thread within it'}, so nothing can match.`,
        ...(own === undefined ? {} : { expected: own }),
        received: threadId,
      },
      evidenceOf(sighting, sighting.message.threadId ?? sighting.message.runId),
    );
  }

  private guessed(sighting: Sighting, runId: string, threadId: string): void {
    if (isSelfTest(runId)) return;
    this.sources.guess(runId);
    this.firstGuess ??= sighting;
    if (isComposite(threadId) && threadId !== `thread_${runId}`) {
      this.compositeKept(sighting, runId, threadId, 'Pattern extraction kept the whole composite run ID as the thread key');
      return;
    }
    this.checkThread(sighting, runId, threadId, 'Pattern extraction gave');
    const why = falseExtraction(runId, threadId);
    if (why === undefined || isTimestampThread(threadId)) return;
    this.report(sighting, {
      id: 'false-extraction',
      key: runId,
      runId,
      threadId,
      confidence: 0.8,
      verdict: `The thread ${threadId} was cut out of ${runId} by a pattern, and ${why}: events go to the wrong thread.`,
      received: threadId,
    });
  }

  private patternMatch(sighting: Sighting, runId: string | undefined, threadId: string | undefined): void {
    if (runId === undefined || !isComposite(runId) || (threadId !== undefined && threadId !== runId)) return;
    if (sighting.message.text.startsWith('PATTERN 1 MATCH')) this.compositeKept(sighting, runId, runId, 'Pattern 1 took the composite run ID for a thread');
  }

  private refused(sighting: Sighting, runId: string): void {
    const { message } = sighting;
    const word = fieldOf(message, 'part')?.value ?? (/suspicious|Suspicious/.test(message.shape) ? blacklistedPart(runId) : undefined);
    const why = word !== undefined && message.shape.startsWith('PATTERN 4') ? word : undefined;
    this.scene.findings.add(explainUnresolved(runId, { table: this.scene.state.table, ...(why === undefined ? {} : { word: why }) }), evidenceOf(sighting));
  }

  private registered(sighting: Sighting, runId: string, threadId: string): void {
    const metadata = parsePythonRepr(fieldOf(sighting.message, 'metadata')?.value ?? '');
    const source = metadata instanceof Map ? metadata.get('source') : undefined;
    const guessed = source === 'pattern_extraction';
    const before = this.scene.state.registry.get(runId);
    this.scene.state.registry.set(runId, { threadId, guessed });
    this.scene.state.unregistered.delete(runId);
    if (!guessed) this.sources.fact(runId);
    if (isComposite(threadId)) this.checkAnswer(sighting, runId, threadId, 'From now on the registry', 0.96);
    else if (!guessed) this.mismatch(sighting, runId, threadId, before?.threadId);
  }

  /** A run registered to another thread than the one its ID carries (F11). */
  private mismatch(sighting: Sighting, runId: string, threadId: string, before: string | undefined): void {
    const own = isComposite(runId) ? ownThread(runId) : undefined;
    if (threadId.startsWith('thread_thread_')) this.checkThread(sighting, runId, threadId, 'The caller registered');
    else if (own !== undefined && own !== threadId && before !== threadId) {
      this.report(sighting, { id: 'id-mismatch', key: runId, runId, threadId, confidence: 0.75, verdict: `${runId} names ${own}, but it was registered to ${threadId}.`, expected: own, received: threadId });
    }
  }

  private unregistered(runId: string, threadId: string | undefined): void {
    const { state } = this.scene;
    // The bridge says it again after the registry, without the thread.
    state.unregistered.set(runId, threadId ?? state.registry.get(runId)?.threadId ?? state.unregistered.get(runId) ?? '');
    state.forgetMapping(runId);
  }

  private lookupExpired(sighting: Sighting, runId: string): void {
    this.expired.set(runId, true);
    this.scene.state.forgetMapping(runId);
    this.report(sighting, { id: 'registry-expired', key: runId, runId, confidence: 0.97, verdict: `The registry knew the thread of ${runId}, but the mapping is older than its time to live.`, expected: 'a mapping younger than 24 hours' });
  }

  private unresolved(sighting: Sighting, runId: string, line: FailureLine): void {
    if (this.failing.get(runId)?.delete(line) === true) return;
    this.failing.renew(runId, new Set(FAILURE_LINES.slice(FAILURE_LINES.indexOf(line) + 1)));
    const { state, findings } = this.scene;
    const expired = this.expired.has(runId);
    const unregistered = state.unregistered.get(runId);
    findings.add(explainUnresolved(runId, { table: state.table, expired, ...(unregistered === undefined ? {} : { unregistered }) }), evidenceOf(sighting, sighting.message.runId));
  }

  private exception(sighting: Sighting, runId: string | undefined): void {
    const error = fieldOf(sighting.message, 'error')?.value ?? '';
    if (runId !== undefined && error.startsWith('Thread resolution failed')) this.unresolved(sighting, runId, 'exception');
  }

  private sourceFailed(sighting: Sighting, runId: string | undefined): void {
    const { message } = sighting;
    const name = /ThreadRunRegistry|Orchestrator|WebSocketManager|Pattern extraction/.exec(message.text)?.[0] ?? 'The registry';
    const how = message.id === 'priority-invalid' ? 'answered with something that is no thread ID' : message.id === 'registration-failed' ? 'did not take the mapping' : 'failed when it was asked';
    this.report(sighting, { id: 'source-failed', key: `${name} ${message.id}`, runId, confidence: 0.95, verdict: `${name} ${how}${runId === undefined ? '' : ` for ${runId}`}.`, expected: 'a thread ID' });
  }

  private context(sighting: Sighting): void {
    const context = parsePythonRepr(fieldOf(sighting.message, 'error_context')?.value ?? '');
    if (!(context instanceof Map)) return;
    const runId = context.get('run_id');
    if (typeof runId === 'string') this.unresolved(sighting, runId, 'context');
    if (context.get('websocket_manager_available') === false) {
      this.report(sighting, { id: 'no-manager', key: 'context', ...(typeof runId === 'string' ? { runId } : {}), confidence: 0.9, verdict: 'The bridge had no connection manager when it looked for the thread.' });
    }
  }
}
