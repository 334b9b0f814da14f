import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import * as fc from 'fast-check';
import { isReadOnlyMethod } from '../../../src/protocol/inspection';
import { parseRouterMessage } from '../../../src/protocol/router-message';
import { isHostToPage, isPageToHost, isSavedEvent } from '../../../src/protocol/traffic-panel';
import { readServeArguments } from '../../../src/router/commands/serve-arguments';
import { labelProblem } from '../../../src/router/model/label-problem';
import { isFault, readClientMessage } from '../../../src/router/client/client-protocol';
import { EventScanner } from '../../../src/router/delivery/event-scanner';
import { Gate } from '../../../src/router/gate/gate';
import { isLoopbackAddress, isLoopbackHost, isPlainHost } from '../../../src/router/gate/host-header';
import { OriginPolicy, parseOrigin } from '../../../src/router/gate/origins';
import { chooseSubprotocol, presentedTokens, TokenCheck, tokenProblem } from '../../../src/router/gate/tokens';
import { readJsonObject } from '../../../src/router/http/read-json';
import { isHandshake } from '../../../src/router/http/without-upgrade';
import { isDialect, readInspectionRequest } from '../../../src/router/inspection/inspection-request';
import { LinearPattern } from '../../../src/router/journal/linear-pattern';
import { parsePattern } from '../../../src/router/journal/pattern-parser';

import { redactBinary } from '../../../src/router/recording/recorded-body';
import { isTaskStart } from '../../../src/router/recording/recording-worker';
import { readTarget } from '../../../src/router/replay/replay-target';
import { isScenarioStart } from '../../../src/router/scenario/scenario-worker';
import { limitsWith } from '../../../src/router/limits';
import { readAssociation, readEvent, readRegistration } from '../../../src/router/store/rows';
import { ruleProblem } from '../../../src/protocol/breakpoints';
import { readTapTarget } from '../../../src/router/tap/tap-target';
import { isWorkerStart } from '../../../src/router/worker';
import type { Fuzzed, FuzzTable } from './fuzzed';
import { hostileBytes, hostileText, hostileValue } from './hostile';

const TOKEN = 'fuzz-token-0123456789abcdefghij';
const EVENT_KEYS = ['type', 'run_id', 'agent_name', 'timestamp', 'payload', 'thread_id', 'request_id', 'id', 'seq', 'method', 'params', 'event', 'version', 'router'];

const text = (run: (input: string) => unknown, more: Partial<Fuzzed<string>> = {}): Fuzzed<string> => ({ input: hostileText, run, isText: true, ...more });
const value = (run: (input: unknown) => unknown, keys: readonly string[] = EVENT_KEYS, more: Partial<Fuzzed> = {}): Fuzzed => ({ input: hostileValue(keys), run, ...more });

/** Texts that are messages, or nearly. */
const messageText = fc.oneof(
  hostileText,
  hostileValue(EVENT_KEYS).map((message) => toJson(message)),
  fc.record({
    type: fc.constantFrom('subscribe', 'switch_thread', 'ping', 'chat', 'request', 'reply', 'changes', 'hello', 'agent_started'),
    id: fc.oneof(fc.integer(), hostileText),
    method: fc.constantFrom('resolve', 'simulate', 'frames', 'redeliver', 'registerRun', 'setDialect', 'toString', '__proto__'),
    params: hostileValue(['runId', 'threadId', 'seq', 'event', 'dialect', 'connectionId', 'code', 'reason', 'on', 'limit', 'after']),
    thread_id: fc.oneof(hostileText, hostileValue()),
    run_id: hostileText,
    seq: fc.oneof(fc.integer(), hostileValue()),
  }, { requiredKeys: ['type'], noNullPrototype: true }).map((message) => toJson(message)),
);
const message = (run: (input: string) => unknown, more: Partial<Fuzzed<string>> = {}): Fuzzed<string> => ({ input: messageText, run, isText: true, ...more });

const requests = fc.record({
  target: fc.oneof(hostileText, fc.constantFrom('/ws?thread_id=a', '/agent', '//evil', 'http://127.0.0.1/ws', '/inspect?token=x')),
  headers: fc.array(fc.tuple(fc.constantFrom('Host', 'host', 'Origin', 'Authorization', 'Sec-WebSocket-Protocol', 'Sec-Fetch-Site', 'X'), fc.oneof(hostileText, fc.constantFrom('127.0.0.1:8787', 'localhost', 'http://localhost:3000', 'null', 'cross-site', 'Bearer x'))), { maxLength: 5 }),
  kind: fc.constantFrom('http' as const, 'upgrade' as const),
});
const gate = new Gate({ token: TOKEN, allowedOrigins: ['https://app.example'], loopbackOnly: true });

export const ROUTER_PARSERS: FuzzTable = {
  'protocol/router-message#parseRouterMessage': message(parseRouterMessage, { throws: ['InspectionProtocolError'] }),
  'protocol/inspection#isReadOnlyMethod': text((method) => isReadOnlyMethod(method as never)),
  'router/model/label-problem#labelProblem': text((label) => labelProblem(label, 100)),
  'protocol/traffic-panel#isHostToPage': value(isHostToPage),
  'protocol/traffic-panel#isPageToHost': value(isPageToHost),
  'protocol/traffic-panel#isSavedEvent': value(isSavedEvent, ['name', 'event', 'type', 'runId', 'payload']),
  'router/commands/serve-arguments#readServeArguments': {
    input: fc.array(fc.oneof(hostileText, fc.constantFrom('--port', '--host', '--token', '--store', '--json', '--expose', '--allow-origin', '--dialect', '0', '8787', 'fix', '127.0.0.1')), { maxLength: 6 }),
    run: (args: string[]) => readServeArguments(args),
    throws: ['UsageError'],
  },
  'router/scenario/scenario-worker#isScenarioStart': value(isScenarioStart, ['kind']),
  'router/recording/recording-worker#isTaskStart': value(isTaskStart, ['kind']),
  'router/replay/replay-target#readTarget': {
    input: fc.tuple(fc.oneof(hostileText, fc.webUrl(), fc.constantFrom('http://127.0.0.1:1', 'ws://localhost:2/ws?token=x', 'http://[::1]:1', 'http://127.0.0.1.evil.test')), fc.option(hostileText, { nil: undefined }), fc.boolean()),
    run: ([target, token, remote]: [string, string | undefined, boolean]) => readTarget(target, token, remote),
    throws: ['ReplayTargetError'],
  },
  'router/recording/recorded-body#redactBinary': { input: fc.uint8Array({ maxLength: 200 }), run: (bytes: Uint8Array) => redactBinary(Buffer.from(bytes)).toString('hex') },
  'router/client/client-protocol#readClientMessage': message((input) => readClientMessage(input, 1_024), {
    check(_input, answer) {
      const read = answer as ReturnType<typeof readClientMessage>;
      if (isFault(read)) assert.ok(read.expected !== '' && read.received !== '' && read.received.length < 700, 'a fault names what was expected and received');
    },
  }),
  'router/client/client-protocol#isFault': message((input) => isFault(readClientMessage(input, 1_024))),
  'router/delivery/event-scanner#EventScanner': message(scan, {
    check(input, answer) {
      // What JSON.parse says of the same text (last duplicate wins).
      let fields: unknown;
      try {
        fields = JSON.parse(input);
      } catch {
        assert.equal(answer, false, 'no JSON, so no event');
        return;
      }
      if (answer === false) return;
      const { runId, type } = answer as { runId: string; type: string };
      assert.deepEqual([runId, type], [(fields as { run_id: unknown }).run_id, (fields as { type: unknown }).type]);
    },
  }),
  'router/gate/gate#Gate': {
    input: requests,
    run: ({ target, headers, kind }: { target: string; headers: Array<[string, string]>; kind: 'http' | 'upgrade' }) => {
      const answer = gate.check({ url: target, rawHeaders: headers.flat() } as IncomingMessage, kind);
      return answer.ok ? [answer.path, answer.query.toString()] : answer;
    },
    check({ target, kind }: { target: string; kind: 'http' | 'upgrade' }, answer: unknown) {
      // No input holds the token.
      if (Array.isArray(answer)) assert.ok(kind === 'upgrade' && /^\/ws(?:\?|$)/.test(target), 'only /ws opens without a token');
    },
  },
  'router/gate/host-header#isLoopbackHost': text(isLoopbackHost, { check: (host, answer) => assert.ok(answer === false || ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(`http://${host}`).hostname)) }),
  'router/gate/host-header#isPlainHost': text(isPlainHost, { check: (host, answer) => assert.ok(answer === false || !/[/@?#\\\s]/.test(host)) }),
  'router/gate/host-header#isLoopbackAddress': {
    input: fc.oneof(hostileText, fc.ipV4(), fc.ipV4Extended(), fc.tuple(fc.nat(400), fc.nat(400), fc.nat(400)).map((parts) => `127.${parts.join('.')}`)),
    run: (host: string) => isLoopbackAddress(host),
    check: (host: string, answer: unknown) => assert.ok(answer === false || host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.')), `${host} is an address of loopback`),
  },
  'router/http/without-upgrade#isHandshake': {
    input: fc.record({ upgrade: fc.oneof(hostileText, fc.constantFrom('websocket', 'WebSocket, h2c', 'h2c')), key: fc.option(hostileText, { nil: undefined }) }),
    run: ({ upgrade, key }: { upgrade: string; key: string | undefined }) => isHandshake({ headers: { upgrade, ...(key === undefined ? {} : { 'sec-websocket-key': key }) } } as unknown as IncomingMessage),
    check: ({ upgrade, key }: { upgrade: string; key: string | undefined }, answer: unknown) => assert.equal(answer, key !== undefined || /websocket/i.test(upgrade)),
  },
  'router/gate/origins#parseOrigin': {
    input: fc.oneof(hostileText, fc.webUrl(), fc.webUrl().map((url) => new URL(url).origin)),
    run: (origin: string) => parseOrigin(origin)?.normal,
    check: (origin: string, answer: unknown) => assert.ok(answer === undefined || !/^https?:/i.test(origin) || answer === new URL(origin).origin, `${String(answer)} is the origin of ${origin}`),
  },
  'router/gate/origins#OriginPolicy': { input: fc.array(hostileText, { maxLength: 3 }), run: (origins: string[]) => new OriginPolicy(origins).isAllowed('https://evil.example'), throws: ['RangeError'] },
  'router/gate/tokens#tokenProblem': text(tokenProblem, { check: (token, answer) => assert.ok(answer !== undefined || new URLSearchParams(`token=${token}`).get('token') === token, 'a token fits into a query as it is') }),
  'router/gate/tokens#TokenCheck': text((token) => new TokenCheck(TOKEN).isRight(token), { check: (token, answer) => assert.equal(answer, token === TOKEN) }),
  'router/gate/tokens#presentedTokens': { input: fc.tuple(fc.array(hostileText, { maxLength: 2 }), fc.array(hostileText, { maxLength: 2 }), hostileText), run: ([a, b, query]: [string[], string[], string]) => presentedTokens(a, b, new URLSearchParams(query)) },
  'router/gate/tokens#chooseSubprotocol': { input: fc.array(hostileText, { maxLength: 4 }), run: (offered: string[]) => chooseSubprotocol(offered), check: (offered: string[], answer: unknown) => assert.ok(answer === false || offered.includes(String(answer))) },
  'router/http/read-json#readJsonObject': { input: fc.oneof(hostileBytes, messageText.map((json) => Buffer.from(json))), run: (bytes: Uint8Array) => readJsonObject(Buffer.from(bytes)), throws: ['HttpError'] },
  'router/inspection/inspection-request#readInspectionRequest': message((input) => {
    const read = readInspectionRequest(input);
    return 'error' in read ? [read.id, read.error.reason, read.error.message] : read;
  }),
  'router/inspection/inspection-request#isDialect': value(isDialect),
  'router/journal/pattern-parser#parsePattern': text((pattern) => parsePattern(pattern) !== undefined, { throws: ['PatternError'] }),
  'router/journal/linear-pattern#LinearPattern': {
    input: fc.tuple(hostileText, hostileText),
    run: ([pattern, input]: [string, string]) => new LinearPattern(pattern).test(input),
    throws: ['PatternError'],
  },

  'router/limits#limitsWith': {
    input: fc.dictionary(fc.constantFrom('connections', 'threads', 'toString', '__proto__', 'nonsense'), fc.oneof(fc.integer(), fc.double()), { noNullPrototype: true }),
    run: (changes: Record<string, number>) => limitsWith(changes),
    throws: ['LimitError'],
  },
  'router/store/rows#readRegistration': value((row) => readRegistration(asRow(row)), ['run_id', 'thread_id', 'created_at', 'last_accessed_at', 'access_count', 'metadata'], { throws: ['TypeError', 'SyntaxError'] }),
  'router/store/rows#readEvent': value((row) => readEvent(asRow(row)), ['seq', 'state', 'at', 'type', 'reason', 'bytes'], { throws: ['TypeError'] }),
  'router/store/rows#readAssociation': value((row) => readAssociation(asRow(row)), ['at', 'connection_id', 'thread_id', 'what', 'how'], { throws: ['TypeError'] }),
  'router/tap/tap-target#readTapTarget': {
    input: fc.oneof(hostileText, fc.webUrl({ validSchemes: ['ws', 'wss', 'http'] }), fc.ipV6().map((address) => `ws://[${address}]:80/ws`), fc.ipV4().map((address) => `wss://${address}`)),
    run: (input) => {
      const { addresses, ...target } = readTapTarget(String(input));
      return { ...target, addresses: typeof addresses };
    },
    throws: ['TapTargetError', 'TargetAddressError'],
    isText: true,
  },
  'protocol/breakpoints#ruleProblem': value((rule) => (typeof rule === 'object' && rule !== null ? ruleProblem(rule) : ''), ['direction', 'type', 'threadId', 'runId', 'text']),
  'router/worker#isWorkerStart': value(isWorkerStart, ['kind']),
};

function scan(input: string): unknown {
  const scanner = new EventScanner();
  return scanner.scan(Buffer.from(input)) ? { runId: scanner.runId, type: scanner.type, payload: scanner.payload.toString(), requestId: scanner.requestId } : false;
}

function asRow(row: unknown): Record<string, unknown> {
  return typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : {};
}

function toJson(message: unknown): string {
  try {
    return JSON.stringify(message) ?? 'null';
  } catch {
    return '{"type":1}';
  }
}
