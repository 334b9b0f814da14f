import type { VscodeApi } from '../vscode-api';

/** What a close code means, in words (RFC 6455 section 7.4.1 and the IANA registry of close codes). */
function meaningOf({ l10n }: VscodeApi, code: number): string {
  switch (code) {
    case 1000:
      return l10n.t('done, as intended');
    case 1001:
      return l10n.t('one side is going away: a page was left, or the server stopped');
    case 1002:
      return l10n.t('a frame broke the protocol');
    case 1003:
      return l10n.t('a kind of data the other side cannot take');
    case 1005:
      return l10n.t('no code was given');
    case 1006:
      return l10n.t('the connection broke without a closing handshake');
    case 1007:
      return l10n.t('a text message was not valid UTF-8');
    case 1008:
      return l10n.t('a rule of the server was broken');
    case 1009:
      return l10n.t('a message was too big');
    case 1010:
      return l10n.t('an extension the client needs was not agreed on');
    case 1011:
      return l10n.t('the server failed');
    case 1012:
      return l10n.t('the server restarts');
    case 1013:
      return l10n.t('try again later: the client read too slowly or the server is busy');
    case 1014:
      return l10n.t('a gateway got a bad answer');
    case 1015:
      return l10n.t('the TLS handshake failed');
    default:
      return code >= 4000 ? l10n.t('a code of the application') : l10n.t('a code without a registered meaning');
  }
}

/** A sentence on a close: the code with its meaning and the reason that was given, e.g. "Closed: 1013 (try again later …): 8 MiB unread". */
export function explainClose(api: VscodeApi, code: number | undefined, reason: string | undefined): string {
  const { l10n } = api;
  if (code === undefined) return l10n.t('Closed: without a code.');
  const meaning = meaningOf(api, code);
  return reason === undefined || reason === '' ? l10n.t('Closed: {0} ({1}).', code, meaning) : l10n.t('Closed: {0} ({1}): {2}', code, meaning, reason);
}
