import { buildAgentEvent, describeValue, type EmitStep, type RunStep, type ScenarioStep } from '../../core/index';
import { isRecord } from '../../core/is-record';
import { milliseconds } from '../../core/scenario/duration';
import { checkCancelled, sleep, waitFor } from './polling';
import type { Stage } from './stage';

/** How long a `wait` for an event lasts at most, in milliseconds. */
const EVENT_MS = 10_000;
/** A router with behaviours or faults looks at its clock so often, in real milliseconds; what a jump makes due happens before the next step. */
const LOOK_MS = 30;
const DEFAULT_AGENT = 'agent';

export interface Pace {
  /** How many times faster than written; Infinity leaves pauses out. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Called before each step. */
  readonly onStep: (step: ScenarioStep) => void;
}

/** Plays steps one after another; their IDs are filled in. @throws for a step that cannot be done, and when cancelled. */
export async function playSteps(steps: readonly ScenarioStep[], stage: Stage, pace: Pace): Promise<void> {
  for (const step of steps) {
    checkCancelled(pace.signal);
    if (step.at !== undefined) await pause(milliseconds(step.at) - stage.clock.elapsed, stage, pace);
    if (step.after !== undefined) await pause(milliseconds(step.after), stage, pace);
    pace.onStep(step);
    await playStep(step, stage, pace);
    stage.observeThreads();
  }
}

/** Lets time pass on the router's clock; what the speed saves in real time, the clock jumps. */
async function pause(ms: number, stage: Stage, { speed, signal }: Pace): Promise<void> {
  if (ms <= 0) return;
  const end = stage.clock.elapsed + ms;
  const real = ms / speed;
  if (real >= 1) await sleep(real, signal);
  const rest = end - stage.clock.elapsed;
  if (rest > 0) stage.clock.advance(rest);
}

/** Gives the router's timers a turn after its clock jumped. */
async function letNotice(stage: Stage, { signal }: Pace): Promise<void> {
  if (stage.behaviours.size > 0 || (stage.run.router.faults?.length ?? 0) > 0) await sleep(LOOK_MS, signal);
}

async function playStep(step: ScenarioStep, stage: Stage, pace: Pace): Promise<void> {
  switch (step.do) {
    case 'connect':
    case 'reconnect': {
      const client = stage.client(step.client);
      if (client.isOpen) {
        if (step.do === 'connect') throw new Error(`${step.client} is connected already: expected a "drop", a "close" or a "reconnect"`);
        await client.drop();
        await stage.settleClosed();
      }
      await client.connect(step.thread);
      const userId = client.setup.user;
      stage.note({ what: 'connected', client: client.name, connectionId: client.connectionId ?? '', ...(userId === undefined ? {} : { userId }) });
      return;
    }
    case 'subscribe':
    case 'unsubscribe':
    case 'switch':
      return say(step.client, { type: step.do === 'switch' ? 'switch_thread' : step.do, thread_id: step.thread }, stage);
    case 'send':
      return say(step.client, step.message, stage);
    case 'stall':
    case 'resume': {
      const client = stage.client(step.client);
      if (step.do === 'stall') await client.settle();
      client[step.do]();
      stage.note({ what: step.do === 'stall' ? 'stalled' : 'resumed', client: client.name, connectionId: client.connectionId ?? '' });
      // What had waited for the reader arrives before the next step.
      if (step.do === 'resume') await client.settle();
      return;
    }
    case 'drop':
      await stage.client(step.client).drop();
      return stage.settleClosed();
    case 'close':
      await stage.client(step.client).close(step.code ?? 1000, step.reason ?? '');
      return stage.settleClosed();
    case 'register': {
      const { status, json } = await stage.ask('PUT', registryPath(step.run), { thread_id: step.thread });
      if (status >= 300) throw new Error(`The run could not be registered: expected status 200 or 201, received ${status} ${problemOf(json)}`);
      stage.note({ what: 'registered', runId: step.run, threadId: step.thread });
      return;
    }
    case 'unregister': {
      const known = await stage.ask('GET', registryPath(step.run));
      await stage.ask('DELETE', registryPath(step.run));
      const threadId = isRecord(known.json) ? known.json['thread_id'] : undefined;
      stage.note({ what: 'unregistered', runId: step.run, ...(typeof threadId === 'string' ? { threadId } : {}) });
      return;
    }
    case 'emit':
      return emit(step, stage, pace);
    case 'run':
      return playRun(step, stage, pace);
    case 'advance': {
      const by = milliseconds(step.by);
      stage.clock.advance(by);
      stage.note({ what: 'advanced', by });
      return letNotice(stage, pace);
    }
    case 'wait': {
      if ('for' in step) {
        await pause(milliseconds(step.for), stage, pace);
        return letNotice(stage, pace);
      }
      const { type, count = 1 } = step;
      const client = stage.client(step.client);
      const came = (): number => client.received.filter((arrival) => arrival.type === type).length;
      if (await waitFor(() => came() >= count, EVENT_MS, pace.signal)) return;
      throw new Error(`${step.client} waited for ${count} ${type}: expected them within ${EVENT_MS / 1000} s, received ${came()}`);
    }
    case 'parallel':
      return playLanes(step.lanes, stage, pace);
    default:
      throw new Error(`expected a known step, received ${describeValue(step)}`);
  }
}

/** Plays lanes side by side. @throws what the first one threw; the others have ended then, too. */
async function playLanes(lanes: readonly (readonly ScenarioStep[])[], stage: Stage, pace: Pace): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([pace.signal, ended.signal]);
  const problems: unknown[] = [];
  await Promise.all(lanes.map((lane) => playSteps(lane, stage, { ...pace, signal }).catch((error: unknown) => {
    problems.push(error);
    ended.abort();
  })));
  if (problems.length > 0) throw problems[0];
}

async function say(name: string, message: Readonly<Record<string, unknown>> | string, stage: Stage): Promise<void> {
  const client = stage.client(name);
  const type = isRecord(message) && typeof message['type'] === 'string' ? message['type'] : 'text';
  const payload = isRecord(message) ? message['payload'] : undefined;
  const threadId = isRecord(message) ? (message['thread_id'] ?? (isRecord(payload) ? payload['thread_id'] : undefined)) : undefined;
  stage.note({ what: 'said', client: name, type, ...(typeof threadId === 'string' ? { threadId } : {}) });
  await client.say(typeof message === 'string' ? message : JSON.stringify(message));
}

async function emit(step: EmitStep, stage: Stage, pace: Pace): Promise<void> {
  const { type, run, agent = DEFAULT_AGENT, payload, repeat = 1, every, fillBytes = 0 } = step;
  const fill = fillBytes === 0 ? undefined : 'x'.repeat(fillBytes);
  for (let i = 0; i < repeat; i++) {
    if (i > 0) await pause(milliseconds(every), stage, pace);
    await send(stage, agent, run, type, fill === undefined ? payload : { ...payload, fill });
  }
}

async function playRun(step: RunStep, stage: Stage, pace: Pace): Promise<void> {
  const { run, agent = DEFAULT_AGENT, thinking = 1, tools = ['search'], progress = 0, end = 'completed', every } = step;
  const events: (readonly [type: string, payload?: Readonly<Record<string, unknown>>])[] = [['agent_started']];
  for (let i = 1; i <= thinking; i++) events.push(['agent_thinking', { step_number: i }]);
  for (const tool of tools) events.push(['tool_executing', { tool_name: tool }], ['tool_completed', { tool_name: tool }]);
  for (let i = 1; i <= progress; i++) events.push(['progress_update', { progress_data: { percentage: Math.round((100 * i) / (progress + 1)) } }]);
  if (end !== 'none') events.push([`agent_${end}`]);
  for (const [i, [type, payload]] of events.entries()) {
    if (i > 0) await pause(milliseconds(every), stage, pace);
    await send(stage, agent, run, type, payload);
  }
}

async function send(stage: Stage, agent: string, runId: string, type: string, payload: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  const event = buildAgentEvent(type, { runId, agentName: agent, now: stage.clock.now, ...(payload === undefined ? {} : { payload }) });
  await stage.emit(agent, event);
}

/** Where a run is registered over HTTP. */
export function registryPath(runId: string): string {
  return `/registry/runs/${encodeURIComponent(runId)}`;
}

function problemOf(json: unknown): string {
  const error = isRecord(json) ? json['error'] : undefined;
  return isRecord(error) && typeof error['message'] === 'string' ? error['message'] : '';
}
