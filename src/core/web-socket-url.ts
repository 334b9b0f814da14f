/** The address at which an HTTP server takes WebSockets: `http` becomes `ws`, `https` becomes `wss`. */
export function webSocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
