import { l10n } from '../l10n';

/** Meanings of close codes (RFC 6455 section 7.4.1 and the IANA registry). */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: l10n.t('normal end'),
  1001: l10n.t('the peer went away, e.g. the page was left'),
  1002: l10n.t('a peer broke the protocol'),
  1003: l10n.t('the kind of data was not accepted'),
  1005: l10n.t('no code was given'),
  1006: l10n.t('the connection broke without a closing handshake'),
  1007: l10n.t('a text message was not valid UTF-8'),
  1008: l10n.t('a policy was broken, often a missing or wrong token'),
  1009: l10n.t('a message was too big'),
  1010: l10n.t('an extension the client needs is missing'),
  1011: l10n.t('the server met an error'),
  1012: l10n.t('the server restarts'),
  1013: l10n.t('try again later: the server is overloaded, or the reader was too slow'),
  1014: l10n.t('a gateway got a bad answer'),
  1015: l10n.t('the TLS handshake failed'),
};

/** What a close code says, in words. */
export function closeCodeText(code: number): string {
  const meaning = MEANINGS[code];
  if (meaning !== undefined) return meaning;
  if (code >= 3000 && code < 4000) return l10n.t('registered with IANA for a library or framework');
  if (code >= 4000 && code < 5000) return l10n.t('a private code of the application');
  return l10n.t('no code that RFC 6455 knows');
}
