// Clients that come and go, and an agent: node soak-load.mjs URL TOKEN CONNECTIONS SECONDS
import WebSocket from 'ws';

const [url, token, connections, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const CHURN_PER_SECOND = connections / 20;
const EVENTS_PER_SECOND = 500;
const TICKS_PER_SECOND = 10;
const AT_ONCE = 100;

const clients = [];
let opened = 0;
let received = 0;
const thread = () => `thread_${Math.floor(Math.random() * connections).toString(16).padStart(16, '0')}`;

function open() {
  opened++;
  const client = new WebSocket(`${url}/ws?thread_id=${thread()}&user_id=u${opened}`, { perMessageDeflate: false });
  client.on('message', () => received++);
  client.on('error', () => {});
  clients.push(client);
}

/** One goes, politely or not, and another comes. */
function churn() {
  const [client] = clients.splice(Math.floor(Math.random() * clients.length), 1);
  if (Math.random() < 0.5) client.close();
  else client.terminate();
  open();
}

const agent = new WebSocket(`${url}/agent`, [`token.${token}`], { perMessageDeflate: false });
agent.on('error', () => {});
await new Promise((resolve) => agent.once('open', resolve));
// The router takes a limited number of handshakes at a time.
while (clients.length < connections) {
  for (let index = 0; index < AT_ONCE; index++) open();
  await Promise.all(clients.slice(-AT_ONCE).map((client) => new Promise((resolve) => client.once('open', resolve))));
}

let sent = 0;
const timer = setInterval(() => {
  for (let index = 0; index < CHURN_PER_SECOND / TICKS_PER_SECOND; index++) churn();
  for (let index = 0; index < EVENTS_PER_SECOND / TICKS_PER_SECOND; index++) {
    const run_id = `${thread()}_run_1756919162904_${(sent++ % 65_536).toString(16).padStart(8, '0')}`;
    agent.send(JSON.stringify({ type: 'agent_thinking', run_id, agent_name: 'soak', timestamp: new Date().toISOString(), payload: { reasoning: 'x'.repeat(100) } }));
  }
}, 1000 / TICKS_PER_SECOND);
setTimeout(() => {
  clearInterval(timer);
  agent.close();
  process.stdout.write(`${JSON.stringify({ opened, sent, received })}\n`);
  // The connections stay: the router's stop is to end them.
}, seconds * 1000);
