/** The catalogue of ID formats that validators accept from 2025-09-17 on (FIELD_GUIDE 1.1, F34; `eras.jsonl`). */
import { isBlank, pythonIsDigit, withoutFinalNewline } from './python-text';

/** Grammars of user, session and connection IDs, most of them from tests. Python's `\w` and `\d` know every script. */
const NAMED_FORMATS: readonly RegExp[] = [
  // Before authentication
  /^pending_auth$/,
  /^temp_auth_[\p{L}\p{N}_]+$/u,
  /^awaiting_auth(?:_[\p{L}\p{N}_]+)?$/u,
  // A word or two and a number: user_123, test_user_123
  /^[a-zA-Z]+(?:_[a-zA-Z]+)?_\p{Nd}+$/u,
  // Three parts with hyphens: test-user-123, authenticated-user-12345
  /^[a-zA-Z]+-[a-zA-Z]+-(?:[a-zA-Z0-9]+|\p{Nd}+)$/u,
  /^test-(?:user|connection)-\p{Nd}+$/u,
  /^test-session-[a-zA-Z0-9-]+$/,
  /^(?:mock|ssot)-[a-zA-Z]+-[\p{L}\p{N}_]+$/u,
  /^(?:non_existent|invalid|fake|dummy|sample)_[\p{L}\p{N}_]+$/u,
  /^e2e-[a-zA-Z0-9_-]+$/,
  /^e2e-[a-zA-Z]+_[a-zA-Z]+-v[0-9.]+$/,
  /^user-\p{Nd}+-[a-fA-F0-9]+$/u,
  /^thread-\p{Nd}+(?:-[a-zA-Z0-9]+)?$/u,
  // Subjects of OAuth providers
  /^\p{Nd}{15,21}$/u,
];

const COUNTED_TYPES = new Set('user session request agent tool transaction websocket execution trace metric thread run'.split(' '));
const COUNTED_PREFIXES = new Set(['req', 'run', 'thread', 'test']);
const COMPOUNDS = ['websocket_factory', 'websocket_manager', 'agent_executor'];
const HEX8 = /^[0-9a-fA-F]{8}$/;

/** What Python's `uuid.UUID` accepts: 32 hexadecimal characters, with hyphens, braces and URN prefixes anywhere. */
function isUuid(id: string): boolean {
  const bare = id.replaceAll('urn:', '').replaceAll('uuid:', '').replace(/^[{}]+/, '').replace(/[{}]+$/, '').replaceAll('-', '');
  return /^[0-9a-fA-F]{32}$/.test(bare);
}

/** `…_{counter}_{8 hex}` with a known word before it. */
function isCounted(id: string): boolean {
  const parts = id.split('_');
  const before = parts.slice(0, -2);
  if (before.length === 0 || !HEX8.test(parts.at(-1) ?? '') || !pythonIsDigit(parts.at(-2) ?? '')) return false;
  if (COUNTED_PREFIXES.has(before[0] ?? '') || before.some((part) => COUNTED_TYPES.has(part))) return true;
  const name = before.join('_');
  return COMPOUNDS.some((compound) => name.includes(compound));
}

/**
 * Whether the validators of 2025-09-17 accept `id` as an ID of any kind. They take `invalid_format` for one and refuse thread
 * IDs of 16 hexadecimal characters, so a refusal says little about routing (FIELD_GUIDE F34). Never throws.
 */
export function isValidIdFormat(id: string): boolean {
  if (typeof id !== 'string' || isBlank(id)) return false;
  if (isUuid(id)) return true;
  const line = withoutFinalNewline(id);
  return NAMED_FORMATS.some((format) => format.test(line)) || isCounted(id);
}
