import { DIALECTS, type Dialect, EVENT_LIMITS, PROFILE_NAMES } from '../../core/index';
import { describeReceived } from '../../core/events/describe-received';
import { isRecord } from '../../core/is-record';
import { valueDepthExceeds } from '../../core/json/depth';
import { own } from '../../core/own';
import type { FrameQuery, InspectionMethod, InspectionMethods } from '../../protocol/inspection';
import { ruleProblem } from '../../protocol/breakpoints';
import { DELIVERY_OUTCOMES } from '../../protocol/delivery';

/** A text from a workbench that cannot be carried out. */
export class InspectionRequestError extends Error {
  override readonly name = 'InspectionRequestError';

  constructor(
    readonly reason: 'not_json' | 'bad_request' | 'unknown_method' | 'bad_params' | 'not_found' | 'bad_pattern' | 'unresolved' | 'storage' | 'read_only' | 'unsupported',
    message: string,
  ) {
    super(message);
  }
}

/** A request whose parameters were checked. */
export type CheckedRequest = {
  [M in InspectionMethod]: { readonly id: number; readonly method: M; readonly params: InspectionMethods[M]['params'] };
}[InspectionMethod];

type Fields = Readonly<Record<string, unknown>>;
type Check = (params: Fields) => string | undefined;

const text = (name: string): Check => (params) => (typeof own(params, name) === 'string' ? undefined : `expected a string in "${name}"`);
const number = (name: string): Check => (params) => (Number.isSafeInteger(own(params, name)) ? undefined : `expected an integer in "${name}"`);
const flag = (name: string): Check => (params) => (typeof own(params, name) === 'boolean' ? undefined : `expected true or false in "${name}"`);
const dialect: Check = (params) => (isDialect(own(params, 'dialect')) ? undefined : `expected one of ${DIALECTS.join(', ')} in "dialect"`);
const optional = (name: string, check: Check): Check => (params) => (own(params, name) === undefined ? undefined : check(params));
const object = (name: string): Check => (params) => (isRecord(own(params, name)) ? undefined : `expected an object in "${name}"`);
/** As deep as the body of an HTTP request may be. */
const shallow = (name: string): Check => (params) =>
  valueDepthExceeds(own(params, name), EVENT_LIMITS.maxDepth) ? `expected an object of at most ${EVENT_LIMITS.maxDepth} levels in "${name}"` : object(name)(params);
const list = (name: string): Check => (params) => (Array.isArray(own(params, name)) ? undefined : `expected a list in "${name}"`);
const numbers = (name: string): Check => (params) => {
  const list = own(params, name);
  return Array.isArray(list) && list.length <= MOST_NUMBERS && list.every((value) => Number.isSafeInteger(value)) ? undefined : `expected a list of at most ${MOST_NUMBERS} integers in "${name}"`;
};
const breakpointRule: Check = (params) => {
  const rule = own(params, 'rule');
  return isRecord(rule) ? ruleProblem(rule) : 'expected an object in "rule"';
};
const oneOf = (name: string, values: readonly string[]): Check => (params) =>
  (values as readonly unknown[]).includes(own(params, name)) ? undefined : `expected one of ${values.join(', ')} in "${name}"`;

const MOST_NUMBERS = 1_000;

const FRAME_QUERY: readonly (readonly [keyof FrameQuery, (name: string) => Check])[] = [
  ['threadId', text],
  ['connectionId', text],
  ['type', text],
  ['outcome', (name) => oneOf(name, DELIVERY_OUTCOMES)],
  ['direction', (name) => oneOf(name, ['in', 'out'])],
  ['text', text],
  ['pattern', text],
  ['after', number],
  ['limit', number],
];

const CHECKS: Readonly<Record<InspectionMethod, readonly Check[]>> = {
  resolve: [text('runId'), optional('dialect', dialect)],
  simulate: [object('event')],
  disconnect: [text('connectionId'), optional('code', number('code')), optional('reason', text('reason'))],
  connection: [text('connectionId')],
  watch: [flag('on')],
  watchFrames: [flag('on')],
  frames: FRAME_QUERY.map(([name, check]) => optional(name, check(name))),
  frameBody: [number('seq')],
  redeliver: [number('seq')],
  registerRun: [text('runId'), text('threadId'), optional('metadata', shallow('metadata'))],
  unregisterRun: [text('runId')],
  setDialect: [dialect],
  // What stands in the object and in the list is checked where it is read.
  setBehaviours: [optional('profile', oneOf('profile', PROFILE_NAMES)), optional('behaviours', object('behaviours'))],
  setFaults: [list('faults')],
  startRecording: [text('file')],
  stopRecording: [],
  saveJournal: [text('file')],
  addBreakpoint: [breakpointRule, optional('enabled', flag('enabled'))],
  removeBreakpoint: [number('id')],
  enableBreakpoint: [number('id'), flag('enabled')],
  heldBody: [number('id')],
  release: [optional('ids', numbers('ids'))],
  releaseEdited: [number('id'), text('text')],
  drop: [numbers('ids')],
};

/**
 * Reads one text of a workbench.
 * @throws {InspectionRequestError} with the number of the request, when it has one, in `id`.
 */
export function readInspectionRequest(textOfRequest: string): CheckedRequest | { readonly id: number | undefined; readonly error: InspectionRequestError } {
  let value: unknown;
  try {
    value = JSON.parse(textOfRequest);
  } catch {
    return { id: undefined, error: new InspectionRequestError('not_json', 'expected one JSON object') };
  }
  if (!isRecord(value)) return { id: undefined, error: new InspectionRequestError('bad_request', 'expected one JSON object') };
  const id = own(value, 'id');
  if (!Number.isSafeInteger(id)) return { id: undefined, error: new InspectionRequestError('bad_request', 'expected an integer in "id"') };
  const fail = (reason: InspectionRequestError['reason'], message: string) => ({ id: id as number, error: new InspectionRequestError(reason, message) });
  if (own(value, 'type') !== 'request') return fail('bad_request', 'expected "request" in "type"');
  const method = own(value, 'method');
  if (typeof method !== 'string' || !isMethod(method)) {
    return fail('unknown_method', `expected one of ${Object.keys(CHECKS).join(', ')}, received ${describeReceived(method)}`);
  }
  const params = own(value, 'params') ?? {};
  if (!isRecord(params)) return fail('bad_params', 'expected an object in "params"');
  for (const check of CHECKS[method]) {
    const problem = check(params);
    if (problem !== undefined) return fail('bad_params', `${method}: ${problem}`);
  }
  // Each parameter of the method was checked by its row in CHECKS.
  return { id: id as number, method, params } as unknown as CheckedRequest;
}

/** Whether a value from outside names a dialect. */
export function isDialect(value: unknown): value is Dialect {
  return (DIALECTS as readonly unknown[]).includes(value);
}

function isMethod(name: string): name is InspectionMethod {
  return Object.hasOwn(CHECKS, name);
}
