import { isLoopbackHostname } from '../gate/host-header';

/** Where a replay goes to. */
export interface ReplayTarget {
  /** Where clients connect, e.g. `ws://127.0.0.1:8787/ws`. */
  readonly clientUrl: string;
  /** Where agents connect; without it there are none to replay. */
  readonly agentUrl?: string | undefined;
  readonly token?: string | undefined;
}

/** A target that is none, or may not be one. */
export class ReplayTargetError extends Error {
  override readonly name = 'ReplayTargetError';

  constructor(
    readonly reason: 'bad_target' | 'not_loopback' | 'no_agents',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The target that a URL names: the address of one of our routers (`http://127.0.0.1:8787`), or where the clients of
 * another backend connect (`ws://localhost:8000/ws`), which has no place for agents that we know.
 * @param allowRemote whether the user said that another machine is meant
 * @throws {ReplayTargetError}
 */
export function readTarget(text: string, token: string | undefined, allowRemote: boolean): ReplayTarget {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ReplayTargetError('bad_target', `expected a URL such as http://127.0.0.1:8787 or ws://localhost:8000/ws, received ${JSON.stringify(text.slice(0, 200))}`);
  }
  const { protocol } = url;
  if (!['http:', 'https:', 'ws:', 'wss:'].includes(protocol) || url.username !== '' || url.hash !== '') {
    throw new ReplayTargetError('bad_target', `expected an http, https, ws or wss URL without user or fragment, received ${JSON.stringify(`${protocol}//${url.host}`)}`);
  }
  if (!isLoopbackHostname(url.hostname) && !allowRemote) {
    throw new ReplayTargetError('not_loopback', `expected a loopback address, received ${url.hostname}: a replay sends recorded messages; name another machine as remote to allow it`);
  }
  const wsProtocol = protocol === 'https:' || protocol === 'wss:' ? 'wss:' : 'ws:';
  if (protocol === 'ws:' || protocol === 'wss:') return { clientUrl: url.href, ...(token === undefined ? {} : { token }) };
  const base = `${wsProtocol}//${url.host}`;
  return { clientUrl: `${base}/ws`, agentUrl: `${base}/agent`, ...(token === undefined ? {} : { token }) };
}
