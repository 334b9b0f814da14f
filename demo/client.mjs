// Browser-like clients: each shows one chat thread and prints what arrives for it.
//
//   node client.mjs                  a small crowd
//   node client.mjs thread_X user_Y  one client
import { setTimeout as sleep } from 'node:timers/promises';
import { stayConnected } from './connection.mjs';

const CROWD = [
  { user: 'u17', thread: 'thread_13679e4dcc38403a' },
  { user: 'u17', thread: 'thread_13679e4dcc38403a' }, // the same chat in a second tab
  { user: 'u42', thread: 'thread_374579bdba3c41b8' },
  { user: 'u08', thread: 'thread_b7d0c2f15a9e4d66' },
  { user: 'u31' }, // never says which thread it shows, so it gets nothing
];
const VISITOR = { user: 'u55', thread: 'thread_5f2e8c90ab134d7e' };
const VISIT_MS = 12_000;

/** One open tab; closes when `signal` aborts. */
function openTab({ user, thread }, signal) {
  const query = new URLSearchParams({ user_id: user, ...(thread && { thread_id: thread }) });
  return stayConnected(`/ws?${query}`, {
    signal,
    use(socket) {
      socket.onmessage = ({ data }) => console.log(`${user} ${thread ?? '(no thread)'} <- ${data}`);
    },
  });
}

const [thread, user = 'u99'] = process.argv.slice(2);
if (thread) {
  await openTab({ user, thread });
} else {
  for (const tab of CROWD) void openTab(tab);
  // A visitor comes and goes; what is sent meanwhile waits for the next visit.
  for (;;) {
    const visit = new AbortController();
    const tab = openTab(VISITOR, visit.signal);
    await sleep(VISIT_MS);
    visit.abort();
    await tab;
    await sleep(VISIT_MS);
  }
}
