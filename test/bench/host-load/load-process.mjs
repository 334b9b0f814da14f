// Clients and an agent that sends at a steady rate: node load-process.mjs URL TOKEN RATE SECONDS
import WebSocket from 'ws';

const [url, token, rate, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const THREADS = 100;
const TICK_MS = 10;

const thread = (index) => `thread_${(index % THREADS).toString(16).padStart(16, '0')}`;
const open = (socket) => new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

let received = 0;
await Promise.all(
  Array.from({ length: THREADS }, (_, index) => {
    const client = new WebSocket(`${url}/ws?thread_id=${thread(index)}&user_id=u${index}`, { perMessageDeflate: false });
    // The first message is the router's greeting.
    client.once('message', () => client.on('message', () => received++));
    return open(client);
  }),
);
const agent = new WebSocket(`${url}/agent`, [`token.${token}`], { perMessageDeflate: false });
await open(agent);

const begin = performance.now();
let sent = 0;
const timer = setInterval(() => {
  const due = Math.floor(((performance.now() - begin) / 1000) * rate);
  for (; sent < due; sent++) {
    const run_id = `${thread(sent)}_run_1756919162904_${(sent % 1000).toString(16).padStart(8, '0')}`;
    agent.send(JSON.stringify({ type: 'agent_thinking', run_id, agent_name: 'load', timestamp: new Date().toISOString(), payload: { step_number: sent, reasoning: 'x'.repeat(60) } }));
  }
}, TICK_MS);
setTimeout(() => {
  clearInterval(timer);
  // What is under way arrives before the count is told.
  setTimeout(() => {
    process.stdout.write(`${JSON.stringify({ sent, received })}\n`, () => process.exit(0));
  }, 500);
}, seconds * 1000);
