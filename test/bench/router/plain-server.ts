import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * What one writes first with `ws`: parse the event, find its thread, stringify it once, loop `send` over the
 * connections of the thread. No registry, no journal, no receipts, no inspector.
 */
export async function startPlainServer(): Promise<number> {
  const threads = new Map<string, Set<WebSocket>>();
  const server = createServer();
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  wss.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/agent') {
      socket.on('message', (data: Buffer) => {
        const event = JSON.parse(data.toString()) as { run_id: string };
        const threadId = event.run_id.slice(0, event.run_id.indexOf('_run_'));
        const text = JSON.stringify(event);
        for (const client of threads.get(threadId) ?? []) if (client.readyState === WebSocket.OPEN) client.send(text);
      });
      return;
    }
    const threadId = url.searchParams.get('thread_id') ?? '';
    let members = threads.get(threadId);
    if (!members) threads.set(threadId, (members = new Set()));
    members.add(socket);
    socket.on('close', () => threads.get(threadId)?.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
