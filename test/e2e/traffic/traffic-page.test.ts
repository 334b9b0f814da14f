import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Locator } from 'playwright-core';
import type { FrameInfo } from '../../../src/protocol/inspection';
import { l10nBundle } from '../../../scripts/l10n-strings';
import { launchBrowser } from '../../harness/browser';
import { poll } from '../../harness/poll';
import { PanelPage, type PanelPageOptions } from './panel-page';
import { playHost, sampleFrames } from './sample-traffic';
import { THEMES, type ThemeName } from './themes';

const axeFile = createRequire(__filename).resolve('axe-core/axe.min.js');
const FRAMES = sampleFrames(400);

/** Waits as the page does: a state of it, not a time. */
const soon = <T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> => poll(what, ask, { timeoutMs: 10_000, everyMs: 20 });

describe('the page of the Traffic panel', () => {
  let browser: Browser;
  let panel: PanelPage;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(async () => {
    const complaints = panel?.complaints ?? [];
    await panel?.close();
    assert.deepEqual(complaints, []);
  });

  async function open(frames: readonly FrameInfo[] = FRAMES, options: PanelPageOptions = {}, state?: Parameters<typeof playHost>[2]): Promise<void> {
    panel = await PanelPage.open(browser, options, (page) => playHost(page, frames, state));
    if (frames.length > 0) await poll('all frames', async () => (await status()).includes(frames.length.toLocaleString('en')) && !(await status()).includes('loading'), { timeoutMs: 60_000, everyMs: 50 });
  }

  const status = async (): Promise<string> => (await panel.page.locator('.status').textContent()) ?? '';
  const grid = (): Locator => panel.page.getByRole('grid', { name: /Frames/ });
  const selected = (): Promise<string | null> => grid().getAttribute('aria-activedescendant');
  /** Rows within the visible part, from top to bottom. */
  const rows = (): Promise<{ id: string; index: number; text: string }[]> =>
    panel.page.evaluate(() => {
      const box = document.querySelector('.grid')!.getBoundingClientRect();
      return [...document.querySelectorAll<HTMLElement>('.spacer .row:not([hidden])')]
        .map((row) => ({ id: row.id, index: Number(row.getAttribute('aria-rowindex')), text: row.textContent, top: row.getBoundingClientRect().top }))
        .filter(({ top }) => top >= box.top + 25 && top < box.bottom)
        .sort((a, b) => a.top - b.top);
    });

  async function selectFrame(accept: (frame: FrameInfo) => boolean): Promise<FrameInfo> {
    const frame = FRAMES.find(accept);
    assert.ok(frame);
    await grid().focus();
    await panel.page.keyboard.press('Home');
    await grid().evaluate((element, top) => {
      element.scrollTop = top;
    }, FRAMES.indexOf(frame) * 22 - 100);
    await panel.page.locator(`#frame-${frame.seq}`).click();
    return frame;
  }

  async function checkAccessibility(): Promise<void> {
    await panel.page.evaluate(await readFile(axeFile, 'utf8'));
    const violations = await panel.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).slice(0, 3).join(' | ')}`);
    });
    assert.deepEqual(violations, []);
  }

  describe('in each kind of theme', () => {
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      it(`shows traffic in ${theme}, and axe finds nothing in any view`, async () => {
        await open(FRAMES, { theme });
        await panel.page.locator('.lane-labels > *').first().waitFor();
        await checkAccessibility();
        await selectFrame(({ outcome, seq }) => outcome === 'queued' && seq > 200);
        await panel.page.getByRole('treeitem').first().waitFor();
        await checkAccessibility();
        await panel.screenshot(`traffic-${theme}`);
        for (const tab of ['Raw', 'Hex', 'Path', 'Connection']) {
          await panel.page.getByRole('tab', { name: tab }).click();
          await soon(tab, async () => !((await panel.page.getByRole('tabpanel').textContent()) ?? '').includes('Asking'));
          await checkAccessibility();
          if (theme === 'dark' || tab === 'Path') await panel.screenshot(`traffic-${theme}-${tab.toLowerCase()}`);
        }
        await panel.page.getByRole('button', { name: 'Inject…' }).click();
        await panel.page.getByRole('dialog').waitFor();
        await checkAccessibility();
        await panel.screenshot(`traffic-${theme}-inject`);
      });
    }
  });

  it('says what to do when there is nothing to show', async () => {
    await open([], { theme: 'light' }, { kind: 'stopped' });
    const start = panel.page.getByRole('button', { name: 'Start Router' });
    await start.waitFor();
    await checkAccessibility();
    await panel.screenshot('traffic-light-stopped');
    await start.click();
    await soon('the command', async () => panel.last('run')?.command === 'startRouter');
    await panel.send({ type: 'router', state: { kind: 'starting' } });
    await panel.page.getByText('Waiting for the router…').waitFor();
    await panel.send({ type: 'router', state: { kind: 'failed', message: 'expected a free port, received EADDRINUSE' } });
    await panel.page.getByText('EADDRINUSE').first().waitFor();
    await panel.page.getByRole('button', { name: 'Show Log' }).click();
    await soon('the command', async () => panel.last('run')?.command === 'showLog');
    await panel.send({ type: 'router', state: { kind: 'running', url: 'http://127.0.0.1:8787', clientUrl: 'ws://127.0.0.1:8787/ws' } });
    await panel.page.getByText('No traffic yet').waitFor();
    await panel.screenshot('traffic-light-empty');
  });

  it('keeps the frames of a router that stopped, and says so', async () => {
    await open();
    await panel.send({ type: 'router', state: { kind: 'stopped' } });
    await panel.page.getByText('The router is not running. These are the last frames').waitFor();
    assert.ok((await rows()).length > 10);
    await checkAccessibility();
    await panel.screenshot('traffic-dark-stopped');
  });

  it('is worked with the keyboard alone', async () => {
    await open();
    const { keyboard } = panel.page;
    await grid().focus();
    await keyboard.press('Home');
    assert.equal(await selected(), 'frame-1');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    assert.equal(await selected(), 'frame-3');
    await keyboard.press('ArrowUp');
    assert.equal(await selected(), 'frame-2');
    await keyboard.press('PageDown');
    const page = Number((await selected())?.split('-')[1]);
    assert.ok(page > 8 && page < 60, String(page));
    await keyboard.press('PageUp');
    assert.equal(await selected(), 'frame-2');
    await keyboard.press('End');
    assert.equal(await selected(), 'frame-400');

    await keyboard.press('Enter');
    await soon('focus in the details', () => panel.page.evaluate(() => document.activeElement?.closest('.tab-panel') !== null));
    await soon('the tree', async () => (await panel.page.getByRole('treeitem').count()) > 3);
    await keyboard.press('Escape');
    assert.equal(await selected(), null);
    assert.ok(await grid().evaluate((element) => element === document.activeElement));

    await keyboard.press('Space');
    await soon('a pause', async () => panel.last('pause')?.on === true);
    await panel.send({ type: 'pending', count: 312 });
    await panel.page.getByRole('button', { name: 'Resume, 312 frames wait' }).waitFor();
    await keyboard.press('Space');
    await soon('the end of it', async () => panel.last('pause')?.on === false);

    await keyboard.press('Control+f');
    await keyboard.type('type:tool outcome:delivered dir:out');
    await soon('a filtered list', async () => / of 400 frames match/.test(await status()));
    for (const { text } of await rows()) assert.match(text, /tool_.*delivered/);
    await keyboard.press('Enter');
    await keyboard.press('Home');
    assert.ok((await selected()) !== null);
    await keyboard.press('Control+f');
    await keyboard.press('Escape');
    await soon('the whole list', async () => (await status()).startsWith('400 frames'));
  });

  it('opens and closes the tree of a body with the arrow keys', async () => {
    await open();
    await selectFrame(({ outcome, direction }) => outcome === 'delivered' && direction === 'in');
    await panel.page.getByRole('treeitem').first().waitFor();
    const { keyboard } = panel.page;
    await grid().press('Enter');
    const focused = (): Promise<string> => panel.page.evaluate(() => document.activeElement?.querySelector('.tree-row')?.textContent ?? '');
    assert.match(await focused(), /^type:/);
    await keyboard.press('End');
    await keyboard.press('ArrowUp');
    assert.match(await focused(), /^parameters:/);
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    assert.match(await focused(), /^account: "acme"/);
    await keyboard.press('ArrowLeft');
    await keyboard.press('ArrowLeft');
    assert.equal(await panel.page.getByText('"acme"', { exact: true }).isVisible(), false);
  });

  it('shows a body as text only, whatever is in it', async () => {
    await open([{ ...FRAMES[0]!, type: '<b>type</b>', threadId: '"><img src=x onerror=alert(1)>', runId: 'javascript:alert(1)', outcome: 'delivered' }]);
    await grid().press('End');
    await panel.page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(await panel.page.locator('img, b, script:not([nonce]), a').count(), 0);
  });

  describe('with 100,000 frames', () => {
    const MANY = sampleFrames(100_000, 2);

    it('builds only what can be seen, at the end, at the beginning and in the middle', async () => {
      await open(MANY);
      const built = (): Promise<number> => panel.page.locator('.spacer .row').count();
      assert.equal((await rows()).at(-1)?.id, 'frame-100000');
      assert.equal(await grid().getAttribute('aria-rowcount'), '100001');
      await panel.screenshot('traffic-dark-100000');
      await grid().focus();
      await panel.page.keyboard.press('Home');
      assert.equal((await rows())[0]?.id, 'frame-1');
      await grid().evaluate((element) => {
        element.scrollTop = 22 * 50_000;
      });
      await soon('the middle', async () => (await rows())[0]?.index === 50_002);
      assert.ok((await built()) < 100);
    });

    it('keeps its place while frames come and old ones go', async () => {
      const known = MANY.slice(0, 99_000);
      await open(known);
      await grid().evaluate((element) => {
        element.scrollTop = 22 * 60_000;
      });
      await soon('the place', async () => (await rows())[0]?.id === 'frame-60001');
      for (let from = 99_000; from < 100_000; from += 250) {
        await panel.send({ type: 'frames', batch: 1000 + from, frames: MANY.slice(from, from + 250), skipped: 0, behind: 0 });
        await soon('it was taken in', async () => panel.last('ack')?.batch === 1000 + from);
        assert.equal((await rows())[0]?.id, 'frame-60001');
      }
      // One more than it holds: the oldest tenth goes.
      await panel.send({ type: 'frames', batch: 5, frames: [{ ...MANY[0]!, seq: 100_001 }], skipped: 0, behind: 0 });
      await soon('it was taken in', async () => (await status()).startsWith('90,000'));
      assert.equal((await rows())[0]?.id, 'frame-60001');
    });

    it('follows the newest until the user looks elsewhere, and again from the end', async () => {
      await open(MANY.slice(0, 2000));
      const send = async (count: number): Promise<void> => {
        const from = Number((await grid().getAttribute('aria-rowcount')) ?? 1) - 1;
        await panel.send({ type: 'frames', batch: from, frames: MANY.slice(from, from + count), skipped: 0, behind: 0 });
        await soon('it was taken in', async () => panel.last('ack')?.batch === from);
      };
      await send(10);
      await soon('the newest is drawn', async () => (await rows()).at(-1)?.id === 'frame-2010');
      await grid().hover();
      await panel.page.mouse.wheel(0, -600);
      const follow = panel.page.getByRole('button', { name: 'Follow the newest frame' });
      await soon('following is off', async () => (await follow.getAttribute('aria-pressed')) === 'false');
      const [before] = await rows();
      await send(50);
      assert.deepEqual((await rows())[0], before);
      await follow.click();
      await send(5);
      await soon('the newest is drawn', async () => (await rows()).at(-1)?.id === 'frame-2065');
    });
  });

  it('takes a batch in for every answer, and draws 2,000 frames a second without falling behind', async () => {
    await open([]);
    await panel.send({ type: 'reset', journal: 'live' });
    const many = sampleFrames(4000, 1);
    for (let from = 0; from < many.length; from += 200) {
      await panel.send({ type: 'frames', batch: from, frames: many.slice(from, from + 200), skipped: 0, behind: 0 });
      await soon('an answer', async () => panel.last('ack')?.batch === from);
    }
    assert.match(await status(), /^4,000 frames/);
  });

  it('is as it was after it was hidden or the window was loaded again', async () => {
    await open();
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('-type:ping');
    await panel.page.getByRole('button', { name: 'Hide heartbeats' }).click();
    const frame = await selectFrame(({ outcome, seq }) => outcome === 'undeliverable' && seq > 50);
    await panel.page.getByRole('tab', { name: 'Path' }).click();
    await panel.page.getByText('Not delivered').waitFor();
    const kept = await soon('the state', async () => {
      const state = (await panel.state()) as { selected?: number; tab?: string } | undefined;
      return state?.selected === frame.seq && state.tab === 'path' && state;
    });
    const before = await rows();
    const first = panel;
    await open(FRAMES, { state: kept });
    await first.close();
    assert.equal(await panel.page.getByRole('textbox', { name: 'Filter' }).inputValue(), '-type:ping');
    assert.equal(await panel.page.getByRole('button', { name: 'Hide heartbeats' }).getAttribute('aria-pressed'), 'true');
    await panel.page.getByText('Not delivered').waitFor();
    // The row that was cut at the top is whole now.
    assert.ok((await rows()).slice(0, 2).some(({ id }) => id === before[0]?.id));
  });

  it('keeps away what was cleared', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'Clear', exact: true }).click();
    await panel.page.getByText('No traffic yet').waitFor();
    const kept = await soon('the state', async () => {
      const state = (await panel.state()) as { clearedTo?: number; journal?: string } | undefined;
      return state?.clearedTo === 400 && state;
    });
    const first = panel;
    panel = await PanelPage.open(browser, { state: kept }, () => undefined);
    await first.close();
    await soon('ready', async () => panel.posted.length > 0);
    assert.deepEqual(panel.posted[0], { type: 'ready', journal: 'sample', after: 400 });
  });

  it('finds text in bodies with the help of the router', async () => {
    await open();
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('cost_analysis');
    await soon('matches', async () => (await status()).startsWith('40 of 400'));
    assert.equal(panel.last('search')?.text, 'cost_analysis');
    await panel.send({ type: 'matches', search: panel.last('search')?.search ?? 0, seqs: [], upTo: 400, error: 'expected a linear pattern' });
    await panel.page.getByText('bodies are not searched: expected a linear pattern').waitFor();
  });

  it('explains a filter that cannot be used', async () => {
    await open(FRAMES, { theme: 'light' });
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('/(a+)+$/ outcome:sent');
    await panel.page.getByText('expected no repetition of a group').waitFor();
    await panel.page.getByText('received sent').waitFor();
    await checkAccessibility();
    await panel.screenshot('traffic-light-filter-problem');
  });

  it('injects what was written, and refuses what is no JSON object', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'Inject…' }).click();
    const dialog = panel.page.getByRole('dialog');
    await dialog.getByLabel('Thread ID').fill('thread_user_123');
    const payload = dialog.getByLabel('Payload (JSON object)');
    await payload.fill('{"status":');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Expected JSON').waitFor();
    await payload.fill('[1]');
    await dialog.getByText('received a list').waitFor();
    assert.equal(panel.last('inject'), undefined);
    await payload.fill('{"status":"edited"}');
    await dialog.getByLabel('Type').fill('agent_started');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Delivered to 2 connections').waitFor();
    assert.deepEqual(panel.last('inject')?.event, { threadId: 'thread_user_123', eventType: 'agent_started', agentName: 'simulated', payload: { status: 'edited' } });
    await dialog.getByLabel('Name to save the event under').fill('mine');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await soon('it was saved', async () => panel.last('save')?.saved.name === 'mine');
    await dialog.getByLabel('Name to save the event under').fill('also mine');
    await panel.page.keyboard.press('Enter');
    await soon('it was saved by the Enter key', async () => panel.last('save')?.saved.name === 'also mine');
    assert.equal(panel.posted.filter(({ type }) => type === 'inject').length, 1);
    await panel.page.keyboard.press('Escape');
    assert.equal(await dialog.isVisible(), false);
  });

  it('lets what is typed replace the thread it suggests, even when the suggestion comes late', async () => {
    await open();
    const answer = panel.onPosted;
    let suggest: () => void = () => assert.fail('the page did not ask for targets');
    panel.onPosted = (message) => {
      if (message.type === 'targets') suggest = () => answer?.(message);
      else answer?.(message);
    };
    await panel.page.getByRole('button', { name: 'Inject…' }).click();
    const id = panel.page.getByRole('dialog').getByLabel('Thread ID');
    await id.focus();
    suggest();
    await soon('a thread is suggested', async () => (await id.inputValue()) !== '');
    await panel.page.keyboard.insertText('thread_user_123');
    assert.equal(await id.inputValue(), 'thread_user_123');
    await panel.page.keyboard.press('Escape');
  });

  it('copies and sends again what is selected', async () => {
    await open();
    const frame = await selectFrame(({ outcome, direction }) => outcome === 'delivered' && direction === 'in');
    const copied = async (name: string): Promise<string> => {
      const before = panel.posted.length;
      await panel.page.getByRole('button', { name, exact: true }).click();
      await soon('a copy', async () => panel.posted.slice(before).some(({ type }) => type === 'copy'));
      return panel.last('copy')?.text ?? '';
    };
    const raw = await copied('Copy');
    assert.equal((JSON.parse(raw) as { run_id: string }).run_id, frame.runId);
    assert.equal(await copied('Copy Pretty'), JSON.stringify(JSON.parse(raw), undefined, 2));
    assert.match(await copied('Copy as curl'), /^curl -sS -X POST 'http:\/\/127\.0\.0\.1:8787\/agent\/events'/);
    await panel.page.getByRole('button', { name: 'Send Again…' }).click();
    const dialog = panel.page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('Run ID').inputValue(), frame.runId);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await soon('it was sent', async () => panel.last('inject')?.event.runId === frame.runId);
  });

  it('copies a command that can run from a recording, which is served nowhere', async () => {
    await open(FRAMES, {}, { kind: 'running', url: '', clientUrl: '', readOnly: true });
    assert.match(await status(), /400 frames$/);
    await selectFrame(({ outcome, direction }) => outcome === 'delivered' && direction === 'in');
    await panel.page.getByRole('button', { name: 'Copy as curl', exact: true }).click();
    await soon('a copy', async () => panel.last('copy'));
    assert.match(panel.last('copy')?.text ?? '', /^curl -sS -X POST 'http:\/\/127\.0\.0\.1:8787\/agent\/events'/);
  });

  it('offers no command to send to a tap, which takes no events', async () => {
    const state = { kind: 'running', url: 'http://127.0.0.1:8788', clientUrl: 'ws://127.0.0.1:8788/ws' } as const;
    await open(FRAMES, {}, { ...state, tap: true });
    await selectFrame(({ outcome, direction }) => outcome === 'delivered' && direction === 'in');
    const curl = panel.page.getByRole('button', { name: 'Copy as curl', exact: true });
    await panel.page.getByRole('button', { name: 'Copy Pretty' }).waitFor();
    assert.equal(await curl.count(), 0);
    await panel.send({ type: 'router', state });
    await curl.waitFor();
  });

  it('waits for no frames of a router that went while they were loading', async () => {
    await open();
    panel.onPosted = () => undefined;
    await panel.send({ type: 'frames', batch: 99, frames: [{ ...FRAMES.at(-1)!, seq: 10_000 }], skipped: 0, behind: 300 });
    await soon('more to load', async () => (await status()).includes('loading 300 more'));
    await panel.send({ type: 'reset', journal: 'another' });
    await soon('nothing to load', async () => (await status()).startsWith('0 frames') && !(await status()).includes('loading'));
  });

  it('goes from a mark of the timeline to its frame, and from a lane to its thread', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'thread_user_123' }).click();
    await soon('one thread', async () => / match/.test(await status()));
    for (const { text } of await rows()) assert.match(text, /thread_user_123/);
    const canvas = panel.page.getByRole('img', { name: /^1 thread in / });
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    assert.ok(box);
    for (let x = box.width - 2; x > 0 && (await selected()) === null; x -= 6) await panel.page.mouse.click(box.x + x, box.y + 11);
    assert.match((await selected()) ?? '', /^frame-\d+$/);
  });

  it('speaks the language of the editor, with no English between', async () => {
    const english = JSON.parse(l10nBundle()) as Record<string, string>;
    const translated = Object.fromEntries(Object.keys(english).map((text) => [text, `⟦${text}⟧`]));
    await open(FRAMES, { l10nBundle: translated });
    assert.equal(await panel.page.locator('html').getAttribute('lang'), 'qps-ploc');
    for (const outcome of ['delivered', 'queued', 'undeliverable', 'rejected']) {
      const frame = FRAMES.find((each) => each.outcome === outcome && each.seq > 100);
      if (!frame) continue;
      await selectFrame(({ seq }) => seq === frame.seq);
      for (const tab of ['JSON', 'Raw', 'Hex', 'Path', 'Connection']) {
        await panel.page.getByRole('tab', { name: `⟦${tab}⟧` }).click();
        await soon(tab, async () => !((await panel.page.getByRole('tabpanel').textContent()) ?? '').includes('Asking'));
        assert.deepEqual(await bareWords(), [], `${outcome}, ${tab}`);
      }
    }
    await panel.page.getByRole('button', { name: '⟦Inject…⟧' }).click();
    await panel.page.getByRole('dialog').waitFor();
    assert.deepEqual(await bareWords(), []);
    await panel.screenshot('traffic-dark-translated');
  });

  /** Names, labels and sentences of the page that are not from the bundle: of words in a row, or with a capital. */
  const bareWords = (): Promise<string[]> =>
    panel.page.evaluate(() => {
      const texts: string[] = [];
      for (const element of document.querySelectorAll('body *')) {
        for (const name of ['aria-label', 'title', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
        // Bodies, and what the router tells of a connection and a delivery, are data.
        if (element.closest('.tree, pre, textarea, script, .moments, dd, .step-detail')) continue;
        for (const node of element.childNodes) if (node instanceof Text) texts.push(node.data);
      }
      const strip = (text: string): string => {
        const less = text.replaceAll(/⟦[^⟦⟧]*⟧|\b[KM]iB\b/g, '');
        return less === text ? text : strip(less);
      };
      return [...new Set(texts.filter((text) => /\p{L}{2,} \p{L}{2,}|(?<![\w.:-])\p{Lu}\p{Ll}+/u.test(strip(text))))];
    });

  it('never cuts times, outcomes and the underscores of IDs, whatever the size of the editor font', async () => {
    await open(FRAMES, { width: 920, height: 720, theme: 'light' });
    for (const size of ['10px', '14px', '18px']) {
      await panel.page.evaluate((px) => document.documentElement.style.setProperty('--vscode-editor-font-size', px), size);
      await selectFrame(({ outcome }) => outcome === 'undeliverable');
      await panel.page.locator('.id-value').first().waitFor();
      const cut = await panel.page.evaluate(() =>
        [...document.querySelectorAll('.spacer .row:not([hidden]) :is(.time, .outcome), .header :is(.time, .outcome), .id-value')]
          .filter((box) => box.scrollHeight > box.clientHeight || (!box.matches('.id-value') && box.scrollWidth > box.clientWidth))
          .map((box) => `${box.className}: ${box.textContent}`),
      );
      assert.deepEqual(cut, [], size);
    }
  });

  it('fits a narrow group, and moves its divider with the keyboard', async () => {
    await open(FRAMES, { width: 560, height: 720, theme: 'high-contrast', reducedMotion: true });
    await selectFrame(({ outcome }) => outcome === 'undeliverable');
    await panel.page.getByRole('treeitem').first().waitFor();
    const separator = panel.page.getByRole('separator');
    assert.equal(await separator.getAttribute('aria-orientation'), 'horizontal');
    const before = await grid().evaluate((element) => element.clientHeight);
    await separator.focus();
    await panel.page.keyboard.press('ArrowUp');
    assert.ok((await grid().evaluate((element) => element.clientHeight)) < before);
    assert.equal(await separator.getAttribute('aria-valuenow'), '55');
    assert.ok(await panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await checkAccessibility();
    await panel.screenshot('traffic-high-contrast-narrow');
  });

  it('cuts off neither times nor outcomes, and keeps room for a body in a small window', async () => {
    await open(FRAMES, { width: 640, height: 510, theme: 'dark' });
    const frame = await selectFrame(({ outcome }) => outcome === 'undeliverable');
    await panel.page.getByRole('treeitem').first().waitFor();
    const cut = await panel.page.locator(`#frame-${frame.seq}`).evaluate((row) => [...row.querySelectorAll('.time, .direction, .size, .outcome')].filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent));
    assert.deepEqual(cut, []);
    const fits = await panel.page.locator('.details').evaluate((details) => {
      const { bottom } = details.getBoundingClientRect();
      const body = details.querySelector('.tab-panel')!;
      details.scrollTop = details.scrollHeight;
      return bottom <= document.querySelector('.status')!.getBoundingClientRect().top + 1 && body.getBoundingClientRect().bottom <= bottom + 1 && body.clientHeight >= 100;
    });
    assert.ok(fits, 'the body can be seen');
    await panel.screenshot('traffic-dark-small');
  });
});
