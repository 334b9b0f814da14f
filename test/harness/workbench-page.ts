import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { pointOfText } from './text-position';
import { poll } from './poll';
import { ROOT } from './repository';

const SCREENSHOTS = join(ROOT, 'test', 'e2e', 'screenshots');

const READY_TIMEOUT_MS = 90_000;
const TIMEOUT_MS = 30_000;
const MENU_DEAF_MS = 250;

const open = new Set<WorkbenchPage>();

/** Pages that are open, for a picture when a test failed. */
export const openPages: ReadonlySet<WorkbenchPage> = open;

/** One line of a tree view. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly ariaLabel: string;
  /** 1 at the top. */
  readonly level: number;
  /** undefined for a leaf. */
  readonly expanded: boolean | undefined;
}

/** The VS Code workbench as a user sees it. Every method waits, within a deadline, for what it names. */
export class WorkbenchPage {
  constructor(
    readonly page: Page,
    private readonly remoteUri: (path: string) => string,
  ) {
    open.add(this);
    page.once('close', () => open.delete(this));
  }

  /** Waits until the workbench stands. */
  async ready(): Promise<this> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: READY_TIMEOUT_MS });
    return this;
  }

  /** Runs a command by its full title, as in `Thread Lens: Start Router`, through the command palette. */
  async runCommand(title: string): Promise<void> {
    await poll(
      `the command ${title}`,
      async () => {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        await this.quickInput.fill(`>${title}`, { timeout: 2000 });
        const row = this.quickInputRows.filter({ hasText: title.replace(/^[^:]+: /, '') });
        await row.first().waitFor({ timeout: 3000 });
        const labels = await this.quickInputRows.evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label') ?? ''));
        const index = labels.findIndex((label) => label === title || label.startsWith(`${title},`));
        if (index < 0) return false;
        await this.quickInputRows.nth(index).click({ timeout: 3000 });
        return true;
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /** Opens a file of the extension host's machine by its absolute path. */
  async openFile(path: string): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab.active', { hasText: basename(path) });
    await poll(
      `the editor of ${path}`,
      async () => {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('Control+p');
        await this.quickInput.fill(path, { timeout: 2000 });
        await this.quickInputRows.filter({ hasText: basename(path) }).first().click({ timeout: 3000 });
        await tab.waitFor({ timeout: 5000 });
        return true;
      },
      { timeoutMs: TIMEOUT_MS },
    );
    await this.line('').waitFor({ timeout: TIMEOUT_MS });
  }

  /** The active editor. It also holds widgets that are hidden, such as the hover before: look for what it shows by `line` and `codeLens`. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor').filter({ visible: true }).first();
  }

  /** The first line in view of the active editor that holds `text`, inlay hints counted in. */
  line(text: string | RegExp): Locator {
    return this.editor.locator('.view-line', { hasText: text }).filter({ visible: true }).first();
  }

  /** The first CodeLens in view of the active editor that says `text`, and nothing else when that is a pattern that says so. */
  codeLens(text: string | RegExp): Locator {
    return this.editor.locator('.codelens-decoration a', { hasText: text }).filter({ visible: true }).first();
  }

  /** The first row of the Problems view that holds `text`. */
  problem(text: string | RegExp): Locator {
    return this.page.locator('.markers-panel .monaco-list-row', { hasText: text }).filter({ visible: true }).first();
  }

  /** Text of the active editor that is in view. */
  async editorText(): Promise<string> {
    const lines = await this.editor
      .locator('.view-line')
      .evaluateAll((all) =>
        all
          .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' ')),
      );
    return lines.join('\n');
  }

  /** Puts the cursor on a line, 1 being the first, and scrolls it into view. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press('Control+g');
    await this.quickInput.fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.quickInputWidget.waitFor({ state: 'hidden', timeout: TIMEOUT_MS });
  }

  /**
   * Rests the mouse on text in a line in view, scrolling sideways to it, and answers what the hover shows; the hover stays
   * open.
   * @param text the mouse goes to its middle
   * @param options.contains wait until the hover holds this (other providers may answer first)
   */
  async hoverText(text: string, options: { contains?: string } = {}): Promise<string> {
    return poll(
      `a hover on ${JSON.stringify(text)}${options.contains === undefined ? '' : ` with ${JSON.stringify(options.contains)}`}`,
      async () => {
        await this.page.mouse.move(2, 2);
        const point = await pointOfText(this.editor, text);
        if (point === undefined) return false;
        if (point.scrollBy !== 0) {
          await this.page.mouse.move((await this.editorMiddle()).x, point.y);
          await this.page.mouse.wheel(point.scrollBy, 0);
          return false;
        }
        await this.page.mouse.move(point.x - 2, point.y);
        await this.page.mouse.move(point.x, point.y);
        let shown: string[] = [];
        return poll(
          'its text',
          async () => {
            const texts = await this.hover.allInnerTexts();
            shown = texts.filter((each) => !/^\s*(Loading\.\.\.)?\s*$/.test(each));
            return shown.find((each) => each.includes(options.contains ?? ''));
          },
          { timeoutMs: 4000 },
        ).catch(() => {
          throw new Error(shown.length === 0 ? 'no hover shows' : `the hover shows ${JSON.stringify(shown)}`);
        });
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  private async editorMiddle(): Promise<{ x: number; y: number }> {
    const box = await this.editor.boundingBox();
    if (box === null) throw new Error('the editor is not in view');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Hovers that are open; the workbench may have more than one. */
  get hover(): Locator {
    return this.page.locator('.monaco-hover').filter({ visible: true });
  }

  /** Chooses the entry that holds `text` in the open quick pick. */
  async quickPick(text: string): Promise<void> {
    await this.quickInputRows.filter({ hasText: text }).first().click({ timeout: TIMEOUT_MS });
  }

  /** The entries of the open quick pick that are in view. */
  async quickPickEntries(): Promise<string[]> {
    await this.quickInputRows.first().waitFor({ timeout: TIMEOUT_MS });
    return this.quickInputRows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** Fills the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.quickInput.fill(text, { timeout: TIMEOUT_MS });
    await this.page.keyboard.press('Enter');
  }

  get quickInputWidget(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  get quickInput(): Locator {
    return this.quickInputWidget.locator('.quick-input-box input');
  }

  private get quickInputRows(): Locator {
    return this.quickInputWidget.locator('.quick-input-list .monaco-list-row');
  }

  /** Shows a view container of the activity bar by its title. */
  async openView(title: string): Promise<void> {
    // The whole item takes the click: its badge, which has the same label, lies over what is in it.
    const button = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`);
    const shown = this.page.locator('.sidebar .composite.title', { hasText: title });
    await poll(
      `the view ${title}`,
      async () => {
        if (await shown.isVisible()) return true;
        await button.click({ timeout: 3000 });
        await shown.waitFor({ timeout: 3000 });
        return true;
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /** A view in the side bar or panel by its title. */
  view(title: string): Locator {
    return this.page.locator('.pane', { has: this.page.locator('.pane-header .title', { hasText: title }) });
  }

  /** The rows of a tree view, as far as they are in view. */
  async treeRows(view: string): Promise<TreeRow[]> {
    return this.view(view)
      .locator('.pane-body .monaco-list-row')
      .evaluateAll((rows) =>
        rows
          .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((row) => ({
            label: row.querySelector('.label-name')?.textContent ?? '',
            description: row.querySelector('.label-description')?.textContent ?? '',
            ariaLabel: row.getAttribute('aria-label') ?? '',
            level: Number(row.getAttribute('aria-level')),
            expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
          })),
      );
  }

  /** The row of a tree view whose label or screen reader text holds `text`. */
  treeRow(view: string, text: string): Locator {
    return this.view(view).locator('.pane-body .monaco-list-row', { hasText: text }).filter({ visible: true }).first();
  }

  /** Opens a closed row. */
  async expandRow(view: string, text: string): Promise<void> {
    const row = this.treeRow(view, text);
    await poll(
      `the row ${text} to open`,
      async () => {
        if ((await row.getAttribute('aria-expanded', { timeout: 3000 })) === 'true') return true;
        await row.locator('.monaco-tl-twistie').click({ timeout: 3000 });
        // A refresh of the tree may have undone it, or moved another row under the mouse.
        return false;
      },
      { timeoutMs: TIMEOUT_MS, everyMs: 500 },
    );
  }

  /** Waits until the rows of a tree view are as `accept` wants them. */
  waitForRows(view: string, what: string, accept: (rows: TreeRow[]) => boolean): Promise<TreeRow[]> {
    return poll(
      `rows of ${view}: ${what}`,
      async () => {
        const rows = await this.treeRows(view);
        return accept(rows) ? rows : undefined;
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /** Runs an entry of a row's context menu. The tree may be moving: a menu of another row is closed again. */
  async rowAction(view: string, text: string, action: string): Promise<void> {
    const menu = this.page.locator('.context-view .monaco-menu');
    const row = this.treeRow(view, text);
    await poll(
      `the action ${action} of the row ${text}`,
      async () => {
        if (await menu.isVisible()) await this.page.keyboard.press('Escape');
        const before = await row.boundingBox();
        await row.click({ button: 'right', timeout: 3000 });
        const item = menu.locator('.action-item', { hasText: action }).filter({ visible: true }).first();
        await item.hover({ timeout: 2000 });
        const after = await row.boundingBox();
        if (before === null || before.y !== after?.y) return false;
        // A menu takes no click in its first moments, so that the click that opened it chooses nothing.
        await new Promise((resolve) => setTimeout(resolve, MENU_DEAF_MS));
        await item.click({ timeout: 2000 });
        await menu.waitFor({ state: 'hidden', timeout: 3000 });
        return true;
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /** Texts of the status bar, left to right. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.statusbar-item').allInnerTexts();
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim()).filter((text) => text !== '');
  }

  /** The status bar item that holds `text`; waits for it. */
  async statusBarItem(text: string): Promise<Locator> {
    const item = this.page.locator('.statusbar-item', { hasText: text }).filter({ visible: true }).first();
    await item.waitFor({ timeout: TIMEOUT_MS });
    return item;
  }

  /** Messages that are in view as toasts, newest first. */
  async notifications(): Promise<string[]> {
    const texts = await this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Waits for a toast that holds `text`; answers it, so that its buttons can be clicked. */
  async notification(text: string): Promise<Locator> {
    const toast = this.page.locator('.notification-toast', { hasText: text }).filter({ visible: true }).first();
    await toast.waitFor({ timeout: TIMEOUT_MS });
    return toast;
  }

  /** Saves what is in view as test/e2e/screenshots/<name>.png; answers the path. */
  async screenshot(name: string): Promise<string> {
    await mkdir(SCREENSHOTS, { recursive: true });
    const path = join(SCREENSHOTS, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** A file's URI inside the workbench. */
  uri(path: string): string {
    return this.remoteUri(path);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
