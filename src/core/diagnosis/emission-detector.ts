import { BoundedMap } from '../bounded-map';
import { type Detector, evidenceOf, type Scene, type Sighting } from './detector';
import { fieldOf, type LogMessage } from './log-message';

const MOST_RUNS = 5000;
const MOST_TOOLS = 1000;
/** A success so soon after a loss on the same thread is not believed (F24). */
const PHANTOM_WITHIN_MS = 1000;
/** The same where lines carry no time. */
const PHANTOM_WITHIN_LINES = 5;
/** The same event again within this time is a duplicate, not a repetition. */
const DUPLICATE_WITHIN_MS = 50;
/** A run that is silent so long has lost its end (F23). */
const SILENT_AFTER_MS = 60_000;

/** Types that reach the client as they are (FIELD_GUIDE 5.4). */
const PASSED = new Set([
  'agent_started', 'agent_thinking', 'agent_completed', 'agent_fallback', 'agent_failed', 'agent_error', 'tool_executing',
  'tool_completed', 'tool_started', 'partial_result', 'final_report', 'stream_chunk', 'agent_registered', 'agent_unregistered',
  'agent_cancelled', 'agent_status_changed', 'agent_metrics_updated', 'agent_manager_shutdown', 'agent_stopped', 'agent_log',
  'error', 'system', 'agent_response', 'agent_progress', 'thread_update', 'error_message',
]);
/** Types that come once in a run, or once for each use of a tool. */
const SINGLE = new Set(['agent_started', 'agent_completed', 'agent_error', 'tool_executing', 'tool_completed']);

interface Run {
  startedBy: Sighting | undefined;
  ended: boolean;
  lastAt: number | undefined;
  /** How many uses of each tool have begun and not ended. */
  readonly tools: Map<string, number>;
  readonly latest: Map<string, number>;
}

/** Notes the end of one use of a tool; whether one had begun. */
function endTool({ tools }: Run, tool: string): boolean {
  const begun = tools.get(tool);
  if (begun === undefined) return false;
  if (begun > 1) tools.set(tool, begun - 1);
  else tools.delete(tool);
  return true;
}

/** The type of an event line, whether the shape has it as a word or as a field. */
function eventTypeOf(message: LogMessage): string | undefined {
  const field = fieldOf(message, 'event_type')?.value;
  if (field !== undefined) return field;
  const found = /^(?:SSOT )?(?:EMISSION [A-Z]+|EVENT EMITTED): (?:custom\(([^)]{0,200})\)|(?:WebSocket manager unavailable for )?([a-z_]+))/.exec(message.text);
  return found?.[1] ?? found?.[2];
}

/** What the bridge says of its events. */
export class EmissionDetector implements Detector {
  private readonly runs = new BoundedMap<string, Run>(MOST_RUNS);
  private readonly losses = new BoundedMap<string, { readonly sighting: Sighting; readonly seen: number }>(MOST_RUNS);
  private seen = 0;

  constructor(private readonly scene: Scene) {}

  observe(sighting: Sighting): void {
    const { message } = sighting;
    const { findings } = this.scene;
    this.seen++;
    switch (message.id) {
      case 'emission-success':
        this.succeeded(sighting);
        break;
      case 'emission-failed':
      case 'emission-exception':
        this.tried(sighting);
        break;
      case 'emission-blocked':
        findings.add(
          { id: 'no-manager', key: '', runId: message.runId?.value, confidence: 0.97, also: ['F49'], verdict: `The bridge could not send ${eventTypeOf(message) ?? 'the event'}: it has no connection manager or context.`, expected: 'a connection manager that is set before agents start' },
          evidenceOf(sighting),
        );
        break;
      case 'no-bridge':
        findings.add({ id: 'no-manager', key: '', runId: message.runId?.value, confidence: 0.97, verdict: 'The agent has no bridge to report through.' }, evidenceOf(sighting));
        break;
      case 'fallback-send':
      case 'associated':
      case 'connection-associated':
      case 'association-confirmed':
        if (message.threadId !== undefined) this.losses.delete(message.threadId.value);
        break;
      case 'agent-death':
        if (message.runId !== undefined) this.run(message.runId.value).ended = true;
        this.rewritten(sighting, 'agent_death', 'error');
        break;
      case 'context-failed':
        this.badContext(sighting);
        break;
      case 'user-has-no-connections':
      case 'undeliverable':
      case 'no-connections-for-thread':
        this.lost(sighting);
        break;
      case 'suspicious-run-id':
        findings.add({ id: 'suspicious-run-id-noise', key: '', runId: message.runId?.value, confidence: 0.98, verdict: 'Noise: the warning "Suspicious run_id pattern" is written for every run ID, whatever it is.' }, evidenceOf(sighting));
        break;
      default:
    }
  }

  finish(lastTime: number | undefined): void {
    if (lastTime === undefined) return;
    for (const [runId, run] of this.runs.entries()) {
      if (run.ended || run.startedBy === undefined || run.lastAt === undefined || lastTime - run.lastAt < SILENT_AFTER_MS) continue;
      this.scene.findings.add(
        { id: 'missing-critical-events', key: runId, runId, confidence: 0.75, verdict: `${runId} started, but neither agent_completed nor agent_error came within ${Math.round((lastTime - run.lastAt) / 1000)} s of its last event.`, expected: 'agent_completed or agent_error' },
        evidenceOf(run.startedBy),
      );
    }
  }

  private run(runId: string): Run {
    const known = this.runs.get(runId);
    if (known !== undefined) return known;
    const run: Run = { startedBy: undefined, ended: false, lastAt: undefined, tools: new Map(), latest: new Map() };
    this.runs.set(runId, run);
    return run;
  }

  private succeeded(sighting: Sighting): void {
    const { message } = sighting;
    const type = eventTypeOf(message);
    this.tried(sighting);
    if (type !== undefined && !PASSED.has(type) && type !== 'agent_death') this.rewritten(sighting, type, 'warning');
    const target = message.threadId?.value ?? message.userId?.value;
    const loss = target === undefined ? undefined : this.losses.get(target);
    if (loss === undefined || target === undefined) return;
    this.losses.delete(target);
    const lostAt = loss.sighting.message.time;
    const soon = message.time === undefined || lostAt === undefined ? this.seen - loss.seen <= PHANTOM_WITHIN_LINES : message.time - lostAt <= PHANTOM_WITHIN_MS;
    if (!soon) return;
    const finding = {
      id: 'phantom-success',
      key: target,
      threadId: target,
      runId: message.runId?.value,
      confidence: 0.93,
      verdict: `EMISSION SUCCESS was reported for ${target} right after the same message found no connection: nothing was sent.`,
    } as const;
    this.scene.findings.add(finding, evidenceOf(loss.sighting));
    this.scene.findings.support(finding, evidenceOf(sighting));
  }

  private lost(sighting: Sighting): void {
    const { message } = sighting;
    const target = message.id === 'user-has-no-connections' ? message.userId?.value : message.threadId?.value;
    if (target === undefined || message.noise) return this.selfTest(sighting, target);
    this.losses.set(target, { sighting, seen: this.seen });
    if (message.id !== 'user-has-no-connections') return;
    const isThread = target.startsWith('thread_');
    this.scene.findings.add(
      {
        id: isThread ? 'run-as-user' : 'nobody-connected',
        key: target,
        ...(isThread ? { threadId: target } : { userId: target }),
        confidence: isThread ? 0.85 : 0.7,
        verdict: isThread ? `The manager looked for a user called ${target}, which is a thread ID.` : `The user ${target} had no connection when the message was sent.`,
        received: target,
      },
      evidenceOf(sighting, message.userId),
    );
  }

  private selfTest(sighting: Sighting, target: string | undefined): void {
    // The delivery detector names it where the line is about a thread.
    if (target === undefined || sighting.message.id !== 'user-has-no-connections') return;
    this.scene.findings.add({ id: 'startup-self-test', key: '', threadId: target, confidence: 0.98, verdict: `Noise: ${target} belongs to the start-up self test, which sends to a thread that never exists.` }, evidenceOf(sighting));
  }

  private rewritten(sighting: Sighting, type: string, severity: 'error' | 'warning'): void {
    const { message } = sighting;
    this.scene.findings.add(
      { id: 'type-rewritten', key: type, runId: message.runId?.value, threadId: message.threadId?.value, severity, confidence: 0.8, verdict: `${type} is not on the server's list, so clients received it as user_message.`, expected: type, received: 'user_message' },
      evidenceOf(sighting),
    );
  }

  private badContext(sighting: Sighting): void {
    const { message } = sighting;
    const isNoRun = message.text.includes('run_id is None');
    const isRegistry = message.text.includes("run_id='registry'");
    const received = isNoRun ? 'None' : isRegistry ? 'registry' : (message.runId?.value ?? '');
    this.scene.findings.add(
      {
        id: 'bad-context',
        key: received,
        confidence: 0.97,
        ...(isRegistry ? { also: ['F33'] } : {}),
        verdict: isRegistry
          ? 'A system context ("registry") tried to send an event to users, and was refused.'
          : `The event was refused, because its run ID is ${isNoRun ? 'None' : `"${received}"`}: it could have reached anybody.`,
        expected: 'the ID of a run',
        received,
      },
      evidenceOf(sighting),
    );
  }

  /** Order and completeness of the events of a run (F22, F23), whether they arrived or not. */
  private tried(sighting: Sighting): void {
    const { message } = sighting;
    const runId = message.runId?.value;
    const type = eventTypeOf(message) ?? /notify_([a-z_]+) failed/.exec(message.text)?.[1];
    if (runId === undefined || type === undefined) return;
    const run = this.run(runId);
    const tool = fieldOf(message, 'tool_name')?.value ?? '';
    const { time } = message;
    this.duplicate(sighting, run, runId, type, tool);
    if (time !== undefined) run.lastAt = time;
    if (type === 'agent_started') run.startedBy ??= sighting;
    else if (type === 'agent_completed' || type === 'agent_error' || type === 'agent_death') run.ended = true;
    else if (type === 'tool_executing' && run.tools.size < MOST_TOOLS) run.tools.set(tool, (run.tools.get(tool) ?? 0) + 1);
    else if (type === 'tool_completed' && !endTool(run, tool) && message.level === 'DEBUG') {
      this.scene.findings.add(
        { id: 'missing-critical-events', key: `${runId} ${tool}`, runId, confidence: 0.8, verdict: `tool_completed of ${tool === '' ? 'a tool' : tool} came without a tool_executing before it.`, expected: 'tool_executing before tool_completed' },
        evidenceOf(sighting),
      );
    }
  }

  private duplicate(sighting: Sighting, run: Run, runId: string, type: string, tool: string): void {
    const { time } = sighting.message;
    if (time === undefined || !SINGLE.has(type) || sighting.message.id !== 'emission-success') return;
    const name = `${type} ${tool} ${fieldOf(sighting.message, 'agent_name')?.value ?? ''}`;
    const before = run.latest.get(name);
    if (run.latest.size < 100) run.latest.set(name, time);
    if (before === undefined || time - before > DUPLICATE_WITHIN_MS || time < before) return;
    this.scene.findings.add(
      { id: 'duplicate-events', key: runId, runId, threadId: sighting.message.threadId?.value, confidence: 0.8, verdict: `${type} of ${runId} was sent twice within ${time - before} ms.` },
      evidenceOf(sighting),
    );
  }
}
