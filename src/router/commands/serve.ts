import { messageOf } from '../../core/message-of';
import { webSocketUrl } from '../../core/web-socket-url';
import { isLoopbackAddress } from '../gate/host-header';
import { createToken } from '../gate/tokens';
import { Router } from '../router';
import { openStore } from '../store/open-store';
import { systemCode } from '../system-code';
import { ROUTER_VERSION } from '../version';
import { type Command, EXIT, say } from './command';
import { readServeArguments, SERVE_USAGE } from './serve-arguments';
import { stopAtSignal } from './signals';

/** `node router.js [serve]`: starts a router, prints where it is, and stops it at SIGTERM or SIGINT. */
export const serve: Command = {
  name: 'serve',
  summary: 'start a router (the default)',
  usage: SERVE_USAGE,
  async run(args) {
    const { host, port, store, allowedOrigins, dialect, behaviours, json, ...given } = readServeArguments(args);
    const token = given.token ?? createToken();
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
      stopAtSignal(() => router.stop());
      process.stdout.write(
        json
          ? `${JSON.stringify({ ...address, token, pid: process.pid })}\n`
          : `Router listens on ${address.url}\nClients: ${webSocketUrl(address.url)}/ws\nToken:   ${token}\n`,
      );
      return EXIT.ok;
    } catch (error) {
      if (systemCode(error) === 'EADDRINUSE') say(`port ${port} on ${host} is in use: expected a free port; --port 0 picks one`);
      else say(`the router could not start: ${messageOf(error)}`);
      return EXIT.failed;
    }
  },
};
