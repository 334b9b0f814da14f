import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleRouter } from '../../../harness/router-bundle';

/** The router started as a command, in a process of its own. */
export interface RouterCommand {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly pid: number;
  /** `ws://…` of a path. */
  socketUrl(path: string): string;
  /** The parsed JSON answer of an HTTP path, asked with the token. */
  ask(path: string, init?: { readonly method?: string; readonly body?: unknown }): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;
  /** Ends the process. @returns once it is gone, with its exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** What it wrote to stderr so far. */
  complaints(): string;
}

let built: Promise<string> | undefined;

/** Once for a run of the tests. */
function buildRouter(): Promise<string> {
  if (built !== undefined) return built;
  const directory = mkdtempSync(join(tmpdir(), 'thread-lens-router-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  built = bundleRouter(directory, { minify: true });
  return built;
}

/** Starts the router with these options. @throws Error when it does not come up. */
export async function startRouter(...options: readonly string[]): Promise<RouterCommand> {
  const child = spawn(process.execPath, [await buildRouter(), '--json', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (complaints += text));
  const ended = endOf(child);
  const first = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then((how) => reject(new Error(`expected a router that starts, it ended with ${how}: ${complaints}`)));
  });
  const { url, port, token, pid } = JSON.parse(first) as { url: string; port: number; token: string; pid: number };
  return {
    url,
    port,
    token,
    pid,
    socketUrl: (path) => `ws://127.0.0.1:${port}${path}`,
    async ask(path, { method = 'GET', body } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
    complaints: () => complaints,
  };
}

/** A router for the surrounding `describe`. @returns a function that gives it. */
export function useRouter(...options: readonly string[]): () => RouterCommand {
  let router: RouterCommand | undefined;
  before(async function () {
    this.timeout(30_000);
    router = await startRouter(...options);
  });
  after(async () => {
    await router?.end();
  });
  return () => {
    if (router === undefined) throw new Error('expected a test, received a call outside of one');
    return router;
  };
}

/** Asks again until the answer is true. @throws Error when it is not within five seconds. */
export async function eventually(what: string, question: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`expected within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1));
    child.once('error', () => resolve(-1));
  });
}
