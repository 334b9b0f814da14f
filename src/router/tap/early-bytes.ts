import type { Socket } from 'node:net';

/**
 * Reads what a client sends before its handshake is answered, up to a bound; then the client waits. Who leaves meanwhile
 * is noticed: `left` is called. `stop` answers what came and hands the socket back, not read any more.
 */
export function collectEarly(socket: Socket, head: Buffer, most: number, left: () => void): { stop(): Buffer } {
  const chunks = [head];
  let size = head.length;
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) socket.pause();
  };
  const onEnd = (): void => {
    socket.destroy();
    left();
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', left);
  return {
    stop() {
      socket.pause();
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('close', left);
      return Buffer.concat(chunks);
    },
  };
}
