import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { HttpError } from '../http/http-error';
import type { Limits } from '../limits';
import { type HandshakeOptions, passedHereBefore, unreachable } from './backend-handshake';
import { headerObject, passedHeaders, valuesOf } from './passed-headers';

export interface PassThroughEvents {
  /** The backend asked for credentials that were withheld. */
  credentialsWanted(status: number): void;
}

/** HTTP beside the socket: requests and answers go through as they come, both ways streamed, at the pace of the slower side. */
export class HttpPassThrough {
  private readonly agent: HttpAgent | HttpsAgent;
  private underway = 0;

  constructor(
    private readonly options: HandshakeOptions,
    private readonly limits: Limits,
    private readonly events: PassThroughEvents,
  ) {
    this.agent = new (options.target.secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: limits.passedRequests });
  }

  /** Passes a request on; what goes wrong before there is an answer goes to `failed`. */
  handle(request: IncomingMessage, response: ServerResponse, failed: (error: HttpError) => void): void {
    const refusal = this.refusal(request);
    if (refusal) {
      failed(refusal);
      return;
    }
    this.underway++;
    response.once('close', () => this.underway--);
    const { outgoing, withheld } = this.ask(request);
    const fail = (error: Error): void => {
      if (response.writableEnded) return;
      const { status, reason, message, expected, received } = unreachable(error, this.options.target);
      if (response.headersSent) response.destroy();
      else failed(new HttpError(status, reason, message, { expected, received }));
    };
    // Nobody asked the backend to speak something else; without a listener Node would drop the request without a word.
    const switched = (answer: IncomingMessage): void => {
      fail(new Error('Invalid Upgrade header'));
      answer.socket.destroy();
    };
    outgoing.once('upgrade', switched);
    outgoing.once('response', (answer) => {
      const status = answer.statusCode ?? 502;
      if (status === 101) {
        switched(answer);
        return;
      }
      if (withheld && (status === 401 || status === 403)) this.events.credentialsWanted(status);
      const { list } = passedHeaders(answer.rawHeaders, { credentials: this.options.credentials });
      response.sendDate = false;
      response.writeHead(status, answer.statusMessage ?? '', list.flat());
      pipeline(answer, response, () => {});
    });
    outgoing.once('error', fail);
    response.once('close', () => outgoing.destroy());
    // An early answer ends the request, and then the rest of its body is nobody's.
    pipeline(request, outgoing, () => {});
  }

  stop(): void {
    this.agent.destroy();
  }

  private refusal(request: IncomingMessage): HttpError | undefined {
    const { passedRequests } = this.limits;
    if (this.underway >= passedRequests) return new HttpError(503, 'too_many_requests', 'Too many requests are under way through the tap.', { expected: `at most ${passedRequests}`, received: `${this.underway + 1}` });
    return passedHereBefore(request.rawHeaders, this.options.via) ? loopError() : undefined;
  }

  private ask(request: IncomingMessage): { readonly outgoing: ClientRequest; readonly withheld: boolean } {
    const { target, credentials, via } = this.options;
    const { list, withheld } = passedHeaders(request.rawHeaders, { credentials });
    // Node frames a body whose length is not given by itself; a request without a body has neither.
    const chunked = valuesOf(request.rawHeaders, 'transfer-encoding').length > 0;
    const outgoing = (target.secure ? httpsRequest : httpRequest)({
      host: target.host,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: headerObject([...list, ['Host', target.hostHeader], ['Via', via], ...(chunked ? [['Transfer-Encoding', 'chunked'] as const] : [])]),
      agent: this.agent,
      lookup: target.addresses.lookup,
      timeout: this.limits.backendHandshake,
    });
    // Only until there is an answer: a stream of events may pause as long as it likes.
    outgoing.once('timeout', () => outgoing.destroy(new Error('the backend timed out')));
    outgoing.once('response', () => outgoing.setTimeout(0));
    return { outgoing, withheld };
  }
}

/** A request came round to the tap that had passed it on. */
export function loopError(): HttpError {
  return new HttpError(508, 'loop', 'The request came back to the tap that had passed it on.', { expected: 'a backend that does not lead back to the tap', received: 'a request with the mark of this tap in "Via"' });
}
