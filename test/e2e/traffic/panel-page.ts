import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'esbuild';
import { isPageToHost, type HostToPage, type PageToHost } from '../../../src/protocol/traffic-panel';
import { trafficHtml } from '../../../src/workbench/traffic/traffic-html';
import { ROOT } from '../../harness/repository';
import { Uri } from '../../workbench/fake/uri';
import { THEME_CLASSES, THEMES, type ThemeName } from './themes';

export interface PanelPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What the page had kept. */
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
  /** Translations by English text. */
  readonly l10nBundle?: Readonly<Record<string, string>>;
}

const FILES: Readonly<Record<string, string>> = { '/dist/traffic.js': 'text/javascript', '/dist/traffic.css': 'text/css' };

/** The page of the Traffic panel in a browser, with what VS Code gives it: its HTML with its policy, a theme, a channel. */
export class PanelPage {
  /** What the page has said, oldest first. */
  readonly posted: PageToHost[] = [];
  /** What the browser complains about: violations of the policy, errors of the script. */
  readonly complaints: string[] = [];
  onPosted: ((message: PageToHost) => void) | undefined;

  private constructor(
    readonly page: Page,
    private readonly closeServer: () => Promise<void>,
  ) {}

  /** @param play sets up who answers, before the page says its first word */
  static async open(browser: Browser, options: PanelPageOptions, play: (panel: PanelPage) => void): Promise<PanelPage> {
    const server = createServer((request, response) => {
      const type = FILES[request.url ?? ''];
      if (type !== undefined) {
        void readFile(join(folder, request.url ?? '')).then((content) => response.setHeader('content-type', type).end(content));
        return;
      }
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
    });
    const folder = join(ROOT, 'out', 'traffic-page');
    await build({
      entryPoints: { traffic: join(ROOT, 'src/webview/traffic.ts') },
      bundle: true,
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      charset: 'utf8',
      outdir: join(folder, 'dist'),
      logLevel: 'error',
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const webview = { cspSource: origin, asWebviewUri: (uri: Uri) => `${origin}${uri.path}` };
    const l10n = { bundle: options.l10nBundle, t: (text: string) => options.l10nBundle?.[text] ?? text };
    const html = trafficHtml({ Uri, l10n, env: { language: 'qps-ploc' } } as never, webview as never, Uri.file('/'));

    const theme = options.theme ?? 'dark';
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1200, height: options.height ?? 760 },
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
      // The dates in the pictures do not depend on where they are made.
      timezoneId: 'UTC',
    });
    const panel = new PanelPage(page, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') panel.complaints.push(message.text());
    });
    page.on('pageerror', (error) => panel.complaints.push(String(error)));
    await page.exposeFunction('postToHost', (message: unknown) => {
      if (!isPageToHost(message)) {
        panel.complaints.push(`no message of the protocol: ${JSON.stringify(message).slice(0, 200)}`);
        return;
      }
      panel.posted.push(message);
      panel.onPosted?.(message);
    });
    // What runs these tests wraps functions in a helper of its own, which the browser does not have.
    await page.addInitScript({ content: 'globalThis.__name = (wrapped) => wrapped;' });
    await page.addInitScript(
      ({ colors, classes, state }) => {
        const kept = { state };
        Object.assign(globalThis, {
          keptState: () => kept.state,
          acquireVsCodeApi: () => ({
            postMessage: (message: unknown) => (globalThis as unknown as { postToHost(message: unknown): void }).postToHost(message),
            getState: () => kept.state,
            setState: (next: unknown) => {
              kept.state = JSON.parse(JSON.stringify(next));
            },
          }),
        });
        document.addEventListener('readystatechange', () => {
          for (const [name, value] of Object.entries(colors)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
          document.body.className = classes;
        });
      },
      { colors: THEMES[theme], classes: THEME_CLASSES[theme], state: options.state },
    );
    play(panel);
    await page.goto(origin);
    return panel;
  }

  async send(...messages: readonly HostToPage[]): Promise<void> {
    // One text: the browser's driver takes a thousand objects apart value by value.
    await this.page.evaluate((text) => {
      for (const message of JSON.parse(text) as unknown[]) window.postMessage(message, '*');
    }, JSON.stringify(messages));
  }

  /** What the page keeps. */
  state(): Promise<unknown> {
    return this.page.evaluate(() => (globalThis as unknown as { keptState(): unknown }).keptState());
  }

  last<T extends PageToHost['type']>(type: T): Extract<PageToHost, { type: T }> | undefined {
    return this.posted.findLast((message): message is Extract<PageToHost, { type: T }> => message.type === type);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ROOT, 'test/e2e/screenshots', `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.closeServer();
  }
}
