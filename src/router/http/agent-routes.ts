import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from '../delivery/dispatcher';
import { badRequest } from './http-error';
import { type Route, ok, route } from './route';

/** Status of an answer by what became of the event; the receipt is in the body in any case. */
const STATUS = { delivered: 200, queued: 202, undeliverable: 422, rejected: 400 } as const;

/** `POST /agent/events`: one agent event, answered with its receipt. */
export function agentRoutes(dispatcher: Dispatcher): readonly Route[] {
  return [
    route('POST', '/agent/events', ({ body }) => {
      if (!isUtf8(body)) throw badRequest('bad_encoding', 'The body is not UTF-8.', 'UTF-8', 'other bytes');
      const receipt = dispatcher.receiveOne(body);
      return ok(receipt, STATUS[receipt.outcome]);
    }, true),
  ];
}
