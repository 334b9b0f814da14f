import { isSecretKey } from './secret-keys';

const LONGEST_NAME = 64;
/** "API key" is a name, a sentence is none. */
const NAME = /^[\w.-]+(?: [\w.-]+)?$/;
const PAIR_NAME = /^(?:(?:header|field)(?:[_-]?name)?|name|key|param(?:eter)?|variable|k)$/i;
const PAIR_VALUE = /^(?:values?|val|v)$/i;
const HEADER_LIST = /^(?:raw|http|request|response|req|res)?[_-]?headers$/i;

/** Whether a member of this name names another value, as in `{"name": "x-api-key", "value": "…"}`. */
export function isPairName(key: string): boolean {
  return PAIR_NAME.test(key);
}

/** Whether a member of this name is what the other one names. */
export function isPairValue(key: string): boolean {
  return PAIR_VALUE.test(key);
}

/** Whether a list of this name may hold names and values by turns, as Node's `rawHeaders`. */
export function isHeaderList(key: string): boolean {
  return HEADER_LIST.test(key);
}

/** Whether a header of this name holds subprotocols, some of which may be tokens. */
export function isProtocolHeader(key: string): boolean {
  return key.length === 22 && key.toLowerCase() === 'sec-websocket-protocol';
}

/** Whether this text, of one word or two, is the name of something that must not be shown as it is. */
export function namesSecret(text: string): boolean {
  return text.length <= LONGEST_NAME && NAME.test(text) && (isSecretKey(text) || isProtocolHeader(text));
}
