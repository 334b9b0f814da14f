import { BEHAVIOUR_NAMES, PROFILE_NAMES } from '../behaviour/behaviour';
import { FAULT_LIMITS, FaultRuleError, parseFaultRule } from '../behaviour/fault-rule';
import { isSendableCloseCode } from '../close-code';
import { FAULTS } from '../diagnosis/catalogue';
import { describeValue } from '../errors';
import { valueDepthExceeds } from '../json/depth';
import { DIALECTS } from '../ids/extract-thread-id';
import { isRecord } from '../is-record';
import { choice, flag, integer, list, object, orNull, type Shape, ShapeReport, type ShapeProblem, table, tagged, text } from '../json/json-shape';
import { checkReferences } from './check-references';
import { readDuration } from './duration';
import type { Scenario } from './scenario';
import { SCENARIO_LIMITS as LIMITS } from './scenario-limits';

export const SCENARIO_VERSION = 1;

/** What a scenario file says, or what is wrong in it. */
export type ParsedScenario = { readonly scenario: Scenario; readonly problems: readonly [] } | { readonly scenario?: undefined; readonly problems: readonly ShapeProblem[] };

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const name = text(64, { pattern: NAME, words: 'a name of letters, digits, "_" and "-"' });
const id = text(LIMITS.idLength);
const words = text(LIMITS.text, { least: 0 });
const type = text(200);
const variant = choice(['fault', 'fix']);

function duration(most: number): Shape {
  return (value, path, report) => {
    const ms = readDuration(value);
    if (ms === undefined || ms > most) report.add(path, `milliseconds or a text such as "500ms", "180s", "24h", at most ${most} ms`, value);
  };
}

const pause = duration(LIMITS.pause);

const payload: Shape = (value, path, report) => {
  if (!isRecord(value)) report.add(path, 'an object', value);
  else if (JSON.stringify(value).length > LIMITS.payloadCharacters) report.add(path, `at most ${LIMITS.payloadCharacters} characters`, value);
};

const message: Shape = (value, path, report) => (typeof value === 'string' ? text(LIMITS.payloadCharacters, { least: 0 })(value, path, report) : payload(value, path, report));

const isoTime: Shape = (value, path, report) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value) || Number.isNaN(Date.parse(value))) report.add(path, 'a time such as "2025-09-03T16:52:42.904Z"', value);
};

const deliveryFault: Shape = (value, path, report) => {
  try {
    parseFaultRule(value, path);
  } catch (error) {
    if (!(error instanceof FaultRuleError)) throw error;
    report.take({ path: error.path, expected: error.expected, received: error.received });
  }
};

const router = object({
  dialect: choice(DIALECTS),
  profile: choice(PROFILE_NAMES),
  behaviours: table(choice(BEHAVIOUR_NAMES), flag, BEHAVIOUR_NAMES.length),
  faults: list(deliveryFault, FAULT_LIMITS.rules),
  limits: table(name, integer(1, Number.MAX_SAFE_INTEGER), 64),
});

const ids = table(name, id, LIMITS.ids);
const clients = table(name, object({ user: id, thread: id, reads: flag }), LIMITS.clients);

function step(members: Readonly<Record<string, Shape>>, required: readonly string[] = Object.keys(members)): Shape {
  return object({ do: words, at: pause, after: pause, only: variant, ...members }, ['do', ...required]);
}

const onThread = step({ client: name, thread: id });
const ofClient = step({ client: name });
const connecting = step({ client: name, thread: id }, ['client']);
const waitForTime = step({ for: pause });
const waitForEvent = step({ client: name, type, count: integer(1, LIMITS.repeat) }, ['client', 'type']);

const STEPS: Readonly<Record<string, Shape>> = {
  connect: connecting,
  reconnect: connecting,
  subscribe: onThread,
  unsubscribe: onThread,
  switch: onThread,
  send: step({ client: name, message }),
  stall: ofClient,
  resume: ofClient,
  drop: ofClient,
  close: step({ client: name, code: closeCode, reason: text(120, { least: 0 }) }, ['client']),
  register: step({ run: id, thread: id }),
  unregister: step({ run: id }),
  emit: step(
    { type, run: id, agent: name, payload, repeat: integer(1, LIMITS.repeat), every: pause, fillBytes: integer(1, LIMITS.fillBytes) },
    ['type', 'run'],
  ),
  run: step(
    { run: id, agent: name, thinking: integer(0, 100), tools: list(text(200), 100), progress: integer(0, 100), end: choice(['completed', 'error', 'death', 'none']), every: pause },
    ['run'],
  ),
  advance: step({ by: duration(LIMITS.advance) }),
  wait: (value, path, report) => (isRecord(value) && 'for' in value ? waitForTime : waitForEvent)(value, path, report),
  parallel: (value, path, report) => step({ lanes: list(list(anyStep, LIMITS.steps), LIMITS.lanes, 1) })(value, path, report),
};

const anyStep = tagged('do', STEPS);

function closeCode(value: unknown, path: string, report: ShapeReport): void {
  if (typeof value !== 'number' || !isSendableCloseCode(value)) report.add(path, 'a close code that may be sent: 1000 to 1003, 1007 to 1014, 3000 to 4999', value);
}

const count = integer(0, 1_000_000);
const types = list(type, LIMITS.expectations);
const faultIds = list(choice(Object.keys(FAULTS)), 100);

const expectations = object({
  clients: table(
    name,
    object({
      receives: types,
      includes: types,
      never: types,
      atLeast: count,
      atMost: count,
      latency: list(object({ type, atLeast: pause, atMost: pause }, ['type']), 100),
      threads: list(id, 100),
      open: flag,
      closeCode: integer(1000, 4999),
    }),
    LIMITS.clients,
  ),
  receipts: list(
    object({
      type, run: id, count, outcome: choice(['delivered', 'queued', 'undeliverable', 'rejected']), thread: orNull(id),
      source: choice(['thread_registry', 'orchestrator', 'websocket_manager', 'direct_format', 'pattern_extraction']),
      pattern: text(40), connections: count, reason: text(LIMITS.text),
    }),
    LIMITS.expectations,
  ),
  deliveries: object({ delivered: count, queued: count, undeliverable: count, rejected: count }),
  registry: table(id, orNull(id), LIMITS.ids),
  diagnoses: object({ includes: faultIds, excludes: faultIds }),
});

const variantShape = object({ description: words, router, ids, clients, expect: expectations });

const SCENARIO = object(
  {
    $schema: words,
    version: (value, path, report) => {
      if (value !== SCENARIO_VERSION) report.add(path, String(SCENARIO_VERSION), value);
    },
    name: text(120),
    description: words,
    fault: choice(Object.keys(FAULTS)),
    evidence: list(words, 50),
    startsAt: isoTime,
    router,
    ids,
    clients,
    steps: list(anyStep, LIMITS.steps),
    expect: expectations,
    variants: object({ fault: variantShape, fix: variantShape }),
  },
  ['version', 'name', 'steps'],
);

/**
 * Reads the parsed JSON of a scenario file. Never throws: whatever comes, the answer is the scenario, or every problem with its path, what was
 * expected and what was received (at most 50).
 */
export function parseScenario(json: unknown): ParsedScenario {
  // Deeper than any scenario: lanes within lanes would otherwise be walked to any depth.
  if (valueDepthExceeds(json, LIMITS.depth)) return { problems: [{ path: '', expected: `at most ${LIMITS.depth} levels`, received: 'more' }] };
  const report = new ShapeReport();
  SCENARIO(json, '', report);
  if (report.problems.length > 0) return { problems: report.problems };
  // Every member was looked at above.
  const scenario = json as Scenario;
  checkReferences(scenario, report);
  return report.problems.length > 0 ? { problems: report.problems } : { scenario, problems: [] };
}

/** Reads the text of a scenario file. Never throws. */
export function parseScenarioText(content: string): ParsedScenario {
  if (content.length > LIMITS.characters) return { problems: [{ path: '', expected: `at most ${LIMITS.characters} characters`, received: String(content.length) }] };
  let json: unknown;
  try {
    // Some programs write a byte order mark.
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [{ path: '', expected: 'JSON', received: error instanceof Error ? error.message : describeValue(error) }] };
  }
  return parseScenario(json);
}
