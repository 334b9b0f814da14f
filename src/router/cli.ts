import { readArguments, UsageError, USAGE } from './cli-arguments';
import { isLoopbackAddress } from './gate/host-header';
import { createToken } from './gate/tokens';
import { Router } from './router';
import { openStore } from './store/open-store';
import { ROUTER_VERSION } from './version';

/** Exit codes of the command. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** `node router.js`: starts a router, prints where it is, and stops it at SIGTERM or SIGINT. */
export async function runCli(args: readonly string[]): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  let options;
  try {
    options = readArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}\nTry --help.`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  if (options === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (options === 'version') {
    process.stdout.write(`${ROUTER_VERSION}\n`);
    return;
  }
  const { host, port, store, allowedOrigins, dialect, behaviours, json } = options;
  const token = options.token ?? createToken();
  if (!isLoopbackAddress(host)) say(`warning: the router listens on ${host}; other machines can reach it, every path needs the token`);
  try {
    const router = new Router({
      host, port, token, allowedOrigins, dialect, behaviours, version: ROUTER_VERSION,
      store: openStore(store, (level, message) => say(`${level}: ${message}`)),
      log: (level, message) => {
        if (level !== 'debug') say(`${level}: ${message}`);
      },
    });
    const address = await router.start();
    // Before the first line: who reads it may end the process at once.
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      void router.stop();
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...address, token, pid: process.pid })}\n`
        : `Router listens on ${address.url}\nClients: ${address.url.replace(/^http/, 'ws')}/ws\nToken:   ${token}\n`,
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE') say(`port ${port} on ${host} is in use: expected a free port; --port 0 picks one`);
    else say(`the router could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = EXIT_FAILED;
  }
}
