import { isUtf8 } from 'node:buffer';
import { type Dispatcher, RedeliveryError } from '../delivery/dispatcher';
import { badRequest, HttpError } from './http-error';
import { JSON_TYPE, ok, type Route, route } from './route';

/** Status of an answer by what became of the event; the receipt is in the body in any case. */
const STATUS = { delivered: 200, queued: 202, undeliverable: 422, rejected: 400 } as const;

/** `POST /agent/events`: one agent event, answered with its receipt; `POST /debug/deliveries/{seq}/redeliver`: one that was kept. */
export function agentRoutes(dispatcher: Dispatcher): readonly Route[] {
  return [
    route('POST', '/agent/events', ({ body }) => {
      if (!isUtf8(body)) throw badRequest('bad_encoding', 'The body is not UTF-8.', 'UTF-8', 'other bytes');
      const { receipt, text } = dispatcher.receiveOne(body);
      return { status: STATUS[receipt.outcome], text: { type: JSON_TYPE, body: text } };
    }, true),
    route('POST', '/debug/deliveries/*/redeliver', ({ parameters: [text = ''] }) => {
      try {
        const receipt = dispatcher.redeliver(/^\d{1,16}$/.test(text) ? Number(text) : 0);
        return ok(receipt, STATUS[receipt.outcome]);
      } catch (error) {
        if (error instanceof RedeliveryError) throw new HttpError(404, error.reason, 'Nothing is kept under that number.', { expected: 'the number of a waiting event or a dead letter', received: text.slice(0, 40) });
        throw error;
      }
    }, true),
  ];
}
