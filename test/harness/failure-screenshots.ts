import { openPages } from './workbench-page';

/** Root hooks of the end-to-end suites: a picture of every open workbench after a test that failed. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 100);
    for (const [index, page] of [...openPages].entries()) {
      const path = await page.screenshot(`failed-${name}-${index + 1}`).catch(() => undefined);
      if (path !== undefined) console.log(`      picture: ${path}`);
    }
  },
};
