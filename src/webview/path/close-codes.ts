/** Meanings of close codes (RFC 6455 section 7.4.1 and the IANA registry). */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'normal end',
  1001: 'the peer went away, e.g. the page was left',
  1002: 'a peer broke the protocol',
  1003: 'the kind of data was not accepted',
  1005: 'no code was given',
  1006: 'the connection broke without a closing handshake',
  1007: 'a text message was no valid UTF-8',
  1008: 'a policy was broken, often a missing or wrong token',
  1009: 'a message was too big',
  1010: 'an extension the client needs is missing',
  1011: 'the server met an error',
  1012: 'the server restarts',
  1013: 'try again later: the server is overloaded, or the reader was too slow',
  1014: 'a gateway got a bad answer',
  1015: 'the TLS handshake failed',
};

/** What a close code says, in words. */
export function closeCodeText(code: number): string {
  const meaning = MEANINGS[code];
  if (meaning !== undefined) return meaning;
  if (code >= 3000 && code < 4000) return 'registered with IANA for a library or framework';
  if (code >= 4000 && code < 5000) return 'a private code of the application';
  return 'no code that RFC 6455 knows';
}
