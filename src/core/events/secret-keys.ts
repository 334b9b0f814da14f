/**
 * Which names carry secrets (DOMAIN 4, SECURITY 15). The name is split into words at `_`, `-`, `.`, blanks and camel
 * case, and only whole words count: `accessToken` and `x-api-key` are secret, `author`, `monkey` and `tokens_used` are
 * not. A word that says the value is merely *about* a secret (`token_count`, `password_hint`) keeps it readable.
 */
const SECRET_WORDS = new Set([
  'authorization', 'cookie', 'cookies', 'token', 'password', 'passwords', 'passwd', 'pwd', 'passphrase', 'passcode',
  'secret', 'secrets', 'credential', 'credentials', 'apikey', 'apikeys', 'jwt',
]);

/** Endings of words written together, e.g. `accesstoken`, `clientsecret`. */
const JOINED = /(?:token|password|passwd|secret|cookie|apikey|accesskey|privatekey|secretkey|(?:db|user|root|admin|smtp|mail|ftp|redis)(?:pass|pwd))$/;

/** What stands before `key` when the key is a secret. */
const KEY_KINDS = new Set(['api', 'access', 'private', 'secret', 'signing', 'encryption', 'auth', 'session', 'ssh', 'master', 'license', 'service', 'account']);

/** What stands before `pass` when that is no password: `test_pass`, `second_pass`. */
const NO_PASSWORDS = new Set([
  'by', 'first', 'second', 'third', 'last', 'next', 'previous', 'this', 'one', 'two', 'single', 'multi', 'forward', 'backward', 'high', 'low', 'band', 'all', 'test', 'tests',
  'check', 'checks', 'did', 'does', 'can', 'must', 'should', 'will', 'not', 'quality', 'render', 'boarding',
]);

/** What stands before `token` when that is a place in a list of pages, or a piece of text of a language model. */
const NO_TOKENS = new Set(['page', 'continuation', 'next', 'per', 'first', 'last', 'eos', 'bos', 'pad', 'stop']);

/** What stands before `tokens` when they are secrets. */
const TOKEN_KINDS = new Set(['access', 'refresh', 'auth', 'bearer', 'session', 'csrf', 'oauth', 'api', 'device']);

/** After a secret word: the value is about the secret. */
const ABOUT = new Set([
  'count', 'counts', 'limit', 'limits', 'usage', 'used', 'budget', 'per', 'rate', 'total', 'type', 'kind', 'name', 'names',
  'id', 'ids', 'length', 'len', 'size', 'expires', 'expiry', 'expired', 'expiration', 'exp', 'ttl', 'at', 'age', 'issued',
  'url', 'uri', 'endpoint', 'hint', 'policy', 'manager', 'arn', 'required', 'enabled', 'disabled', 'present', 'valid',
  'invalid', 'missing', 'strength', 'field', 'label', 'placeholder', 'reset', 'changed', 'consent', 'domain', 'path',
  'scope', 'scopes', 'source', 'status', 'error', 'errors', 'validation', 'method', 'provider', 'version', 'in', 'out',
  'input', 'output', 'remaining', 'estimate', 'cost', 'price', 'window', 'max', 'min', 'ms', 'seconds', 'latency', 'duration', 'index',
  'format', 'refreshed', 'received', 'wrong', 'mismatch', 'rejected', 'refused', 'revoked', 'failed', 'failure', 'withheld',
]);

const LONGEST_NAME = 128;
/** What every secret name has in it, and the header whose values may hold tokens: most names are told by this alone. */
const HINT = /auth|bearer|cookie|token|pass|pwd|secret|credential|key|jwt|protocol/i;

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=[0-9])/)
    .filter((word) => word !== '');
}

function secretEnd(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  if (word === 'token' && NO_TOKENS.has(words[at - 1] ?? '')) return false;
  if (SECRET_WORDS.has(word) || JOINED.test(word)) return true;
  // `auth` begins many harmless names (auth_method, auth_status): only the last word counts.
  if (word === 'auth' || word === 'bearer') return at === words.length - 1;
  if (word === 'pass') return at > 0 && at === words.length - 1 && !NO_PASSWORDS.has(words[at - 1] ?? '');
  // `tokens` alone are those of a language model.
  if (word === 'tokens') return TOKEN_KINDS.has(words[at - 1] ?? '');
  return (word === 'key' || word === 'keys') && KEY_KINDS.has(words[at - 1] ?? '');
}

/** Whether a text can hold the name of a secret at all. */
export function mayNameSecret(text: string): boolean {
  return HINT.test(text);
}

/** Whether a value under this name must not be shown. */
export function isSecretKey(name: string): boolean {
  if (name.length > LONGEST_NAME || !HINT.test(name)) return false;
  const words = wordsOf(name);
  for (let at = 0; at < words.length; at++) {
    if (!secretEnd(words, at)) continue;
    if (!words.slice(at + 1).some((word) => ABOUT.has(word))) return true;
  }
  return false;
}
