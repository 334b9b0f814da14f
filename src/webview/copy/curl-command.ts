/**
 * A shell command that sends an event to a router's HTTP endpoint (DESIGN 4.2). The token is no part of it: what is
 * copied ends in chats and files, so the shell takes it from the environment.
 * @param url of the router, e.g. `http://127.0.0.1:8787`
 * @param body the event as JSON
 */
export function curlCommand(url: string, body: string): string {
  return [
    `curl -sS -X POST ${quote(`${url}/agent/events`)}`,
    `-H "Authorization: Bearer $THREAD_LENS_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quote(body)}`,
  ].join(' \\\n  ');
}

/** In single quotes for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
