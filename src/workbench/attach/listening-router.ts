import { isRecord } from '../../core/is-record';
import { TAP_PREFIX } from '../../router/tap/tap-paths';

/** How long an answer may take, in milliseconds: on this machine, while somebody waits for a notice. */
const TIMEOUT_MS = 1000;
/** Longest answer that is read, in characters: that of a router is a hundredth of it. */
const MAX_ANSWER = 256 * 1024;

/**
 * Where a router, a tap or a backend with debug endpoints listens that can be attached to; undefined when what listens
 * there is something else. No token is sent: that one is needed is an answer, too.
 * @param origin scheme, host and port, e.g. `http://127.0.0.1:8787`
 */
export async function listeningRouter(origin: string): Promise<string | undefined> {
  // Without a token a router refuses the path of a tap, too, so its own path comes first.
  const bases = [origin, `${origin}${TAP_PREFIX}`];
  const answers = await Promise.all(bases.map((base) => answersAsRouter(base).catch(() => false)));
  return bases.find((_, index) => answers[index]);
}

async function answersAsRouter(base: string): Promise<boolean> {
  const response = await fetch(`${base}/debug/health`, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER) return false;
  }
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer)) return false;
  if (response.status === 401) return isRecord(answer['error']) && answer['error']['reason'] === 'token_missing';
  return response.ok && isRecord(answer['counters']);
}
