import { plural } from '../plural';
import { type Detector, evidenceOf, type Scene, type Sighting } from './detector';
import { BoundedMap } from '../bounded-map';
import { fieldOf, numberOf } from './log-message';
import { parsePythonRepr } from './python-repr';

const STORM_CONNECTS = 10;
const STORM_WITHIN_MS = 5000;

/** Connections and what they listen on: keeps the state up to date, and reports what goes wrong with associations. */
export class AssociationDetector implements Detector {
  /** Times of the latest connects of each user, for storms. */
  private readonly connects = new BoundedMap<string, number[]>(5000);

  constructor(private readonly scene: Scene) {}

  observe(sighting: Sighting): void {
    const { message } = sighting;
    const { state } = this.scene;
    const connectionId = message.connectionId?.value;
    const userId = message.userId?.value;
    const threadId = message.threadId?.value;
    switch (message.id) {
      case 'connected':
        if (connectionId !== undefined) this.connected(sighting, connectionId, userId);
        break;
      case 'closed':
        if (connectionId !== undefined) state.close(connectionId);
        break;
      case 'socket-disconnect': {
        const info = parsePythonRepr(fieldOf(message, 'disconnect_info')?.value ?? '');
        const id = info instanceof Map ? info.get('connection_id') : undefined;
        if (typeof id === 'string') state.close(id);
        break;
      }
      case 'user-disconnected':
        if (userId !== undefined) this.userDisconnected(sighting, userId);
        break;
      case 'shutdown':
        state.restart();
        break;
      case 'associated':
        if (userId !== undefined && threadId !== undefined) this.associatedUser(sighting, userId, threadId);
        break;
      case 'connection-associated':
      // Written only when the association succeeded (FIELD_GUIDE 4.3).
      case 'association-confirmed':
        if (connectionId !== undefined && threadId !== undefined) this.associatedConnection(sighting, connectionId, threadId);
        break;
      case 'association-refused':
        this.refused(sighting, userId ?? '');
        break;
      case 'association-failed':
      case 'association-unknown-connection':
      case 'association-too-early':
      case 'socket-without-connection':
        this.failed(sighting, userId, connectionId);
        break;
      default:
    }
  }

  private connected(sighting: Sighting, connectionId: string, userId: string | undefined): void {
    const { time } = sighting.message;
    this.scene.state.connect(connectionId, userId, time);
    if (userId === undefined || time === undefined) return;
    const times = [...(this.connects.get(userId) ?? []), time].filter((at) => time - at <= STORM_WITHIN_MS).slice(-STORM_CONNECTS);
    this.connects.set(userId, times);
    if (times.length < STORM_CONNECTS) return;
    this.scene.findings.add({ id: 'reconnect-storm', key: userId, userId, confidence: 0.85, verdict: `${userId} connected ${times.length} times within ${STORM_WITHIN_MS / 1000} s.` }, evidenceOf(sighting));
  }

  private userDisconnected(sighting: Sighting, userId: string): void {
    const closed = numberOf(sighting.message, 'n') ?? 0;
    this.scene.state.closeUser(userId);
    if (closed < 2) return;
    this.scene.findings.add(
      { id: 'disconnect-closes-all-tabs', key: userId, userId, confidence: 0.9, verdict: `One disconnect of ${userId} closed all ${closed} connections: other tabs lost theirs.` },
      evidenceOf(sighting, sighting.message.userId),
    );
  }

  private associatedUser(sighting: Sighting, userId: string, threadId: string): void {
    const { state, findings } = this.scene;
    const expected = numberOf(sighting.message, 'updated');
    if (expected === 0) return this.nobodyAssociated(sighting, userId);
    const before = new Set(state.of(userId).flatMap((connection) => connection.threads));
    const first = !state.onceAssociated.has(threadId);
    const connections = state.associateUser(userId, threadId, expected);
    before.delete(threadId);
    const moved = expected ?? connections.length;
    if (moved > 1 && before.size > 0) {
      const [old = ''] = before;
      findings.add(
        {
          id: 'thread-stealing',
          key: old,
          threadId: old,
          userId,
          confidence: 0.85,
          inferred: this.scene.inferred,
          verdict: `Associating ${userId} with ${threadId} moved all ${plural(moved, 'connection')}; the tab that shows ${old} receives nothing from now on.`,
        },
        evidenceOf(sighting, sighting.message.threadId),
      );
    }
    this.associated(sighting, threadId, first);
  }

  private associatedConnection(sighting: Sighting, connectionId: string, threadId: string): void {
    const { state } = this.scene;
    const first = !state.onceAssociated.has(threadId);
    state.associateConnection(connectionId, threadId);
    this.associated(sighting, threadId, first);
  }

  private associated(sighting: Sighting, threadId: string, first: boolean): void {
    const { state, findings } = this.scene;
    if (first) this.late(sighting, threadId);
    const users = state.usersOn(threadId);
    if (users.size < 2) return;
    findings.add(
      {
        id: 'users-share-thread',
        key: threadId,
        threadId,
        confidence: 0.85,
        inferred: this.scene.inferred,
        verdict: `${users.size} users listen on ${threadId} (${[...users].slice(0, 3).join(', ')}): each sees the events of the others.`,
      },
      evidenceOf(sighting, sighting.message.threadId),
    );
  }

  /** What was lost before the first association was lost because the association came late (F5). */
  private late(sighting: Sighting, threadId: string): void {
    const finding = {
      id: 'late-association',
      key: threadId,
      threadId,
      confidence: 0.95,
      inferred: this.scene.inferred,
      verdict: `The connection joined ${threadId} only after events for it had been sent; those are lost.`,
    } as const;
    for (const id of ['never-associated', 'wrong-thread'] as const) {
      if (this.scene.findings.turn(id, threadId, finding, evidenceOf(sighting, sighting.message.threadId))) return;
    }
  }

  private refused(sighting: Sighting, userId: string): void {
    const { state, findings } = this.scene;
    const isConnection = userId.startsWith('conn_') || state.connections.has(userId);
    if (!isConnection) {
      this.nobodyAssociated(sighting, userId);
      return;
    }
    state.refusedAssociations++;
    findings.add(
      {
        id: 'never-associated',
        key: '',
        connectionId: userId,
        confidence: 0.93,
        also: ['F4'],
        verdict: `The connection ID ${userId} was passed where a user ID belongs, so the association changed nothing and the connection listens on no thread.`,
        expected: 'a user ID',
        received: userId,
      },
      evidenceOf(sighting, sighting.message.userId),
    );
  }

  private nobodyAssociated(sighting: Sighting, userId: string): void {
    this.scene.findings.add({ id: 'association-failed', key: userId, userId, confidence: 0.8, verdict: `${userId} had no connection when its thread was set, so nothing was associated.` }, evidenceOf(sighting));
  }

  private failed(sighting: Sighting, userId: string | undefined, connectionId: string | undefined): void {
    const who = connectionId ?? userId ?? 'the connection';
    this.scene.findings.add(
      { id: 'association-failed', key: who, userId, connectionId, confidence: 0.8, verdict: `The association of ${who} with its thread failed; it receives no agent events.` },
      evidenceOf(sighting),
    );
  }
}
