/** What a close code means, in words (RFC 6455 section 7.4.1 and the IANA registry of close codes). */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'done, as intended',
  1001: 'one side is going away: a page was left, or the server stopped',
  1002: 'a frame broke the protocol',
  1003: 'a kind of data the other side cannot take',
  1005: 'no code was given',
  1006: 'the connection broke without a closing handshake',
  1007: 'a text message was not valid UTF-8',
  1008: 'a rule of the server was broken',
  1009: 'a message was too big',
  1010: 'an extension the client needs was not agreed on',
  1011: 'the server failed',
  1012: 'the server restarts',
  1013: 'try again later: the client read too slowly or the server is busy',
  1014: 'a gateway got a bad answer',
  1015: 'the TLS handshake failed',
};

/** A close code with its meaning and the reason that was given, e.g. "1013 (try again later …): 8 MiB unread". */
export function explainCloseCode(code: number | undefined, reason: string | undefined): string {
  if (code === undefined) return 'without a code.';
  const meaning = MEANINGS[code] ?? (code >= 4000 ? 'a code of the application' : 'a code without a registered meaning');
  return `${code} (${meaning})${reason === undefined || reason === '' ? '.' : `: ${reason}`}`;
}
