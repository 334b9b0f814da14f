import type { ClientRequest, IncomingMessage } from 'node:http';
import { messageOf } from '../../core/message-of';
import type { Limits } from '../limits';
import { systemCode } from '../system-code';
import { type PassedHeaders, headerObject, passedHeaders, type RawHeaders, valuesOf } from './passed-headers';
import { TargetAddressError } from './target-addresses';
import { TapSocket } from './tap-socket';
import type { TapTarget } from './tap-target';

/** The backend accepted. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly backend: TapSocket;
  /** What the client's handshake is answered with, beside what each leg makes of its own. */
  readonly headers: PassedHeaders['list'];
  readonly subprotocol: string | undefined;
}

/** The backend answered with plain HTTP: the client gets the same. */
export interface Declined {
  readonly kind: 'declined';
  readonly status: number;
  readonly statusText: string;
  readonly headers: PassedHeaders['list'];
  readonly body: Buffer;
}

/** There was no answer. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly status: 502 | 504;
  readonly reason: 'backend_down' | 'backend_slow' | 'backend_refused_address' | 'backend_loop' | 'backend_bad_answer';
  readonly message: string;
  readonly expected: string;
  readonly received: string;
}

export type HandshakeResult = Accepted | Declined | Unreachable;

export interface HandshakeOptions {
  readonly target: TapTarget;
  readonly credentials: boolean;
  readonly limits: Limits;
  /** `Via` for the requests of this tap. */
  readonly via: string;
}

/** Opens the leg to the backend as the client asked for it. `cancel` ends the attempt: the client is gone. */
export function shakeHands(request: IncomingMessage, options: HandshakeOptions): { readonly result: Promise<HandshakeResult>; cancel(): void } {
  const { target, limits, credentials, via } = options;
  const { list } = passedHeaders(request.rawHeaders, { credentials, handshake: true });
  // An empty list must not become an empty header: servers refuse that.
  const offered = valuesOf(request.rawHeaders, 'sec-websocket-protocol').join(', ').trim();
  const headers = headerObject([...list, ['Host', target.hostHeader], ['Via', via], ...(offered === '' ? [] : [['Sec-WebSocket-Protocol', offered] as const])]);
  const path = request.url ?? '/';
  const url = `${target.secure ? 'wss' : 'ws'}://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}/`;
  // `ws` is told of no subprotocol, so that what the backend chooses is not judged here but passed on.
  const clientOptions = {
    perMessageDeflate: false,
    autoPong: false,
    followRedirects: false,
    maxPayload: limits.tappedMessageBytes,
    // Endings are watched by endLeg, which waits for who still reads.
    closeTimeout: 24 * 3_600_000,
    lookup: target.addresses.lookup,
    finishRequest: (outgoing: ClientRequest) => {
      for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
      // As it came: a URL would be rewritten.
      outgoing.path = path;
      outgoing.end();
    },
  };
  const backend = new TapSocket(url, clientOptions);
  let timer: NodeJS.Timeout | undefined;
  const result = new Promise<HandshakeResult>((resolve) => {
    let answer: { readonly subprotocol: string | undefined; readonly headers: PassedHeaders['list'] } | undefined;
    backend.once('upgrade', (response) => {
      answer = { subprotocol: response.headers['sec-websocket-protocol'], headers: passedHeaders(response.rawHeaders, { credentials, handshake: true }).list };
      delete response.headers['sec-websocket-protocol'];
    });
    backend.once('open', () => {
      // Nothing is read until the client's leg is there to take it.
      backend.pause();
      resolve({ kind: 'accepted', backend, headers: answer?.headers ?? [], subprotocol: answer?.subprotocol });
    });
    backend.once('unexpected-response', (outgoing, response) => {
      // A request that was answered in full no longer destroys its socket, and nobody else would.
      const { socket } = outgoing;
      resolve(decline(response, options).catch((error: unknown) => unreachable(error, target)).finally(() => socket?.destroy()));
    });
    backend.on('error', (error) => resolve(unreachable(error, target)));
    // For the whole of it: an idle time would begin anew with each byte of the backend.
    timer = setTimeout(() => {
      resolve(unreachable(new Error(`the handshake timed out after ${limits.backendHandshake / 1_000} s`), target));
      backend.terminate();
    }, limits.backendHandshake);
  }).finally(() => clearTimeout(timer));
  return { result, cancel: () => backend.terminate() };
}

/** Takes in the answer of a backend that does not upgrade. */
async function decline(response: IncomingMessage, { limits, credentials }: HandshakeOptions): Promise<Declined> {
  // It would leave the client with a connection that speaks nothing.
  if (response.statusCode === 101) throw new Error('Invalid Upgrade header');
  const body = await readBounded(response, limits.refusalBytes);
  const kept = passedHeaders(response.rawHeaders, { credentials }).list.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { kind: 'declined', status: response.statusCode ?? 502, statusText: response.statusMessage ?? '', headers: kept, body };
}

/** A body up to a bound; the rest is let go. */
async function readBounded(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const taken = chunk.subarray(0, most - size);
    chunks.push(taken);
    size += taken.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks);
}

/** Why the backend gave no answer, for the client and for people. */
export function unreachable(error: unknown, target: TapTarget): Unreachable {
  const text = messageOf(error);
  const answer = (status: Unreachable['status'], reason: Unreachable['reason'], message: string, received = text): Unreachable =>
    ({ kind: 'unreachable', status, reason, message, expected: `a WebSocket backend at ${target.text}`, received });
  if (error instanceof TargetAddressError) return answer(502, error.reason === 'loop' ? 'backend_loop' : 'backend_refused_address', `The tap does not connect there: ${error.message}.`, error.received);
  if (/timed out|ETIMEDOUT/.test(text)) return answer(504, 'backend_slow', 'The backend behind the tap did not answer in time.');
  if (/^(?:Invalid (?:Upgrade|Sec-WebSocket-Accept) header|Server sent|Parse Error)/.test(text)) return answer(502, 'backend_bad_answer', 'The backend behind the tap did not answer as a WebSocket server.');
  const code = systemCode(error);
  // Some errors of Node have no message of their own, only those of what was tried.
  return answer(502, 'backend_down', 'The backend behind the tap cannot be reached.', text === '' ? (code ?? 'no answer') : text);
}

/** What a tap writes of the raw headers of a request it knows by its own mark. */
export function passedHereBefore(raw: RawHeaders, via: string): boolean {
  return valuesOf(raw, 'via').some((value) => value.split(',').some((hop) => hop.trim() === via));
}
