import { BoundedMap } from '../bounded-map';
import { type Detector, evidenceOf, type Scene, type Sighting } from './detector';
import { isRunId, isSelfTest } from './id-facts';
import { numberOf, fieldOf } from './log-message';
import { explainMiss, type Miss } from './miss';
import { type LiveThread, type NearMiss, nearMisses } from './near-misses';
import { parsePythonRepr } from './python-repr';

/** Recognised lines within which a Sample line may follow its miss. */
const SAMPLE_WITHIN = 3;
/** Recognised lines within which the fallback and the loss follow their miss. */
const CONSEQUENCES_WITHIN = 20;
const MOST_SEARCHES = 2000;

interface Pending {
  readonly miss: Miss;
  readonly sighting: Sighting;
  left: number;
}

/** Messages that reached nobody: the recipe of FIELD_GUIDE 6.3 and its kin. */
export class DeliveryDetector implements Detector {
  private pending: Pending | undefined;
  /** How many lines had been recognised at the latest misses, by thread; those of several threads may be interleaved. */
  private readonly misses = new BoundedMap<string, number>(CONSEQUENCES_WITHIN);
  private recognised = 0;
  /** Threads whose fallback to the user is under way. */
  private readonly fallbacks = new BoundedMap<string, true>(CONSEQUENCES_WITHIN);
  private readonly nearMisses = new Map<string, NearMiss[]>();
  private searches = 0;

  constructor(private readonly scene: Scene) {}

  observe(sighting: Sighting): void {
    const { message } = sighting;
    this.recognised++;
    if (message.id === 'sample-threads') return this.sample(sighting);
    // The state that counts is that of the miss, so it is explained before the next line changes anything.
    const changesState = message.category === 'association' || message.category === 'lifecycle';
    if (this.pending !== undefined && (changesState || --this.pending.left <= 0)) this.flush();
    const threadId = message.threadId?.value;
    switch (message.id) {
      case 'no-connections-for-thread':
      case 'no-active-connections':
        if (threadId !== undefined) this.missed(sighting, threadId);
        break;
      case 'user-fallback':
        if (threadId !== undefined) this.fallbacks.renew(threadId, true);
        this.consequence(sighting, threadId);
        break;
      case 'undeliverable':
        this.undeliverable(sighting, threadId);
        break;
      case 'testing-accepted':
        this.scene.findings.add({ id: 'testing-masks-loss', key: threadId ?? '', threadId, confidence: 0.95, verdict: `TESTING=1 accepted a message for ${threadId ?? 'a thread'} that nobody received: tests are green, nothing is delivered.` }, evidenceOf(sighting));
        break;
      case 'no-healthy-connections':
        this.deadSocket(sighting, undefined, threadId, `Connections of ${threadId ?? 'the thread'} exist, but none of them can be written to.`);
        break;
      case 'send-to-thread-error':
        this.scene.findings.add({ id: 'null-data', key: threadId ?? '', threadId, confidence: 0.85, verdict: 'The send broke on a message whose "data" is null.' }, evidenceOf(sighting));
        break;
      case 'disconnected-before-send':
      case 'send-timeout':
      case 'send-gave-up':
        this.failedSend(sighting);
        break;
      case 'send-failed':
        if (!/JSON serializable/.test(message.text)) this.failedSend(sighting);
        break;
      case 'no-connections-for-user':
      case 'run-as-user-hushed':
        this.wrongUser(sighting);
        break;
      default:
    }
  }

  finish(): void {
    this.flush();
  }

  private missed(sighting: Sighting, threadId: string): void {
    this.flush();
    const { message } = sighting;
    const active = numberOf(message, 'n');
    this.pending = { miss: { threadId, active, sample: undefined, time: message.time }, sighting, left: SAMPLE_WITHIN };
    this.misses.renew(threadId, this.recognised);
    // Without a debug log there is no Sample line; the state of this very moment is what counts.
    if (active === undefined || active === 0 || message.noise) this.flush();
  }

  private sample(sighting: Sighting): void {
    const list = parsePythonRepr(fieldOf(sighting.message, 'sample_threads')?.value ?? '');
    const sample = Array.isArray(list) ? list.flatMap((item) => (typeof item === 'string' || item === null ? [item] : [])) : undefined;
    if (this.pending !== undefined && sample !== undefined) {
      this.pending = { ...this.pending, miss: { ...this.pending.miss, sample } };
      this.flush(sighting);
    } else if (this.pending === undefined && sample?.length !== 0 && sample?.every((thread) => thread === null) === true) {
      this.scene.findings.add({ id: 'never-associated', key: '', confidence: 0.7, verdict: 'The live connections listen on no thread at all: they were never associated.' }, evidenceOf(sighting));
    }
  }

  /** Near misses, found once for each thread, and looked for so many times only: each costs a look at every live thread. */
  private near(threadId: string, threads: Iterable<LiveThread | string>): NearMiss[] {
    const before = this.nearMisses.get(threadId);
    if (before !== undefined) return before;
    if (++this.searches > MOST_SEARCHES) return [];
    const found = nearMisses(threadId, threads);
    // What is near may come later.
    if (found.length > 0) this.nearMisses.set(threadId, found);
    return found;
  }

  private flush(sample?: Sighting): void {
    const { pending } = this;
    if (pending === undefined) return;
    this.pending = undefined;
    const { findings, state, inferred, live } = this.scene;
    const known = live !== undefined && !state.sawConnections ? live : state;
    const finding = explainMiss(pending.miss, known, inferred && known !== live, (threadId, threads) => this.near(threadId, threads));
    const place = evidenceOf(pending.sighting, pending.sighting.message.threadId);
    // An association that failed without naming its thread turns out to be the reason of this miss.
    const explained = finding.id === 'never-associated' && findings.turn('never-associated', '', finding, place);
    if (!explained) findings.add(finding, place);
    if (sample !== undefined) findings.support(finding, evidenceOf(sample));
  }

  /** Whether the line only repeats what a miss just before said. */
  private consequence(sighting: Sighting, threadId: string | undefined): boolean {
    if (threadId === undefined) return false;
    if (this.recognised - (this.misses.get(threadId) ?? -Infinity) <= CONSEQUENCES_WITHIN) return true;
    this.missed(sighting, threadId);
    return false;
  }

  private undeliverable(sighting: Sighting, threadId: string | undefined): void {
    const { findings } = this.scene;
    this.consequence(sighting, threadId);
    if (threadId === undefined) {
      findings.add({ id: 'none-thread', key: '', confidence: 0.4, verdict: 'A message was lost; the line does not name the thread it was for.' }, evidenceOf(sighting));
    } else if (this.fallbacks.delete(threadId) && !isSelfTest(threadId)) {
      findings.add({ id: 'user-fallback-never-fires', key: '', threadId, confidence: 0.9, verdict: 'The fallback to the user found nobody to send to, because agent events carry no user ID.' }, evidenceOf(sighting));
    }
  }

  private failedSend(sighting: Sighting): void {
    const connectionId = sighting.message.connectionId?.value;
    if (connectionId === undefined) return;
    const known = this.scene.state.connections.get(connectionId);
    const threadId = known?.threads[0];
    const silent = sighting.message.id === 'send-failed';
    if (!silent && sighting.message.id !== 'send-timeout') this.scene.state.markUnhealthy(connectionId);
    const on = threadId === undefined ? '' : `, which listens on ${threadId},`;
    const how = sighting.message.id === 'send-timeout' ? 'did not take the message in time' : silent ? 'failed while the message was written' : 'was closed or dead when the message was sent';
    this.deadSocket(sighting, connectionId, threadId, `${connectionId}${on} ${how}.`, known?.userId);
  }

  private deadSocket(sighting: Sighting, connectionId: string | undefined, threadId: string | undefined, verdict: string, userId?: string): void {
    this.scene.findings.add(
      { id: 'dead-socket', key: threadId ?? connectionId ?? '', threadId, connectionId, userId, confidence: 0.97, verdict },
      evidenceOf(sighting, sighting.message.connectionId),
    );
  }

  private wrongUser(sighting: Sighting): void {
    const userId = sighting.message.userId?.value ?? '';
    const what = isRunId(userId, this.scene.state.table) ? 'run ID' : userId.startsWith('thread_') ? 'thread ID' : userId.startsWith('conn_') ? 'connection ID' : undefined;
    if (what === undefined) return;
    this.scene.findings.add(
      {
        id: 'run-as-user',
        key: userId,
        userId,
        ...(what === 'run ID' ? { runId: userId } : {}),
        confidence: 0.97,
        verdict: `A ${what} was passed where a user ID belongs: ${userId}.`,
        expected: 'a user ID',
        received: userId,
      },
      evidenceOf(sighting, sighting.message.userId),
    );
  }
}
