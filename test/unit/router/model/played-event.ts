import type { EventPlan } from './operations';

export interface PlayedEvent {
  /** What the agent sends. */
  readonly sent: string;
  /** What clients must get: the same bytes without the request ID. */
  readonly text: string;
  readonly requestId: string | undefined;
}

let minted = 0;

/** An agent event of its own kind and number, so that none can be taken for another. */
export function playEvent({ run, request, padding }: EventPlan): PlayedEvent {
  const n = ++minted;
  const requestId = request === 'none' ? undefined : `request ${n}`;
  const asked = requestId === undefined ? [] : [`"request_id":${JSON.stringify(requestId)}`];
  const head = [`"type":"agent_thinking"`, `"run_id":${JSON.stringify(run)}`, '"agent_name":"model"'];
  const tail = [`"n":${n}`, `"payload":{"pad":"${'é'.repeat(padding % 7)}${'x'.repeat(padding)}"}`];
  const text = `{${[...head, ...tail].join(',')}}`;
  const sent = `{${(request === 'first' ? [...asked, ...head, ...tail] : request === 'middle' ? [...head, ...asked, ...tail] : [...head, ...tail, ...asked]).join(',')}}`;
  return { sent, text, requestId };
}

/** Whether a text that a client received is an event of `playEvent`. */
export function isPlayed(text: string): boolean {
  return text.startsWith('{"type":"agent_thinking","run_id":');
}
