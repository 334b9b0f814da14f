// Opens many clients of a router and keeps them open until it is ended: node crowd-process.mjs URL COUNT PER_THREAD
import WebSocket from 'ws';

const [url, count, perThread] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const AT_ONCE = 100;

/** One client; resolves when the router has greeted it. */
function connect(index) {
  const thread = `thread_${Math.floor(index / perThread).toString(16).padStart(16, '0')}`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}?thread_id=${thread}&user_id=u${index}`, { perMessageDeflate: false });
    socket.once('message', () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

for (let index = 0; index < count; index += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - index) }, (_, offset) => connect(index + offset)));
}
process.stdout.write('connected\n');
