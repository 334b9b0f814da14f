// Says what goes on: one line when a step ends, and meanwhile a spinner, or a line every ten seconds where no one looks.

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const QUIET_INTERVAL_MS = 10_000;

/** Steps under way, several at a time. @type {Set<{ title: string, since: number }>} */
const active = new Set();
/** @type {NodeJS.Timeout | undefined} */
let ticker;
let frame = 0;

const isTerminal = () => process.stdout.isTTY && process.env['CI'] === undefined;

/**
 * Runs one step and says how it went. What `work` answers as text is printed behind the title.
 * @template T
 * @param {string} title
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const entry = { title, since: performance.now() };
  active.add(entry);
  ticker ??= setInterval(tick, isTerminal() ? 100 : QUIET_INTERVAL_MS);
  try {
    const result = await work();
    finish(entry, '✓', typeof result === 'string' ? result : '');
    return result;
  } catch (error) {
    finish(entry, '✗', '');
    throw error;
  }
}

/** Prints a line without disturbing the spinner. @param {string} text */
export function say(text) {
  clear();
  console.log(text);
}

/** @param {number} since a `performance.now()` */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** @param {{ title: string, since: number }} entry @param {string} mark @param {string} detail */
function finish(entry, mark, detail) {
  active.delete(entry);
  if (active.size === 0) {
    clearInterval(ticker);
    ticker = undefined;
  }
  say(`${mark} ${entry.title} (${seconds(entry.since)})${detail === '' ? '' : `  ${detail}`}`);
}

function tick() {
  const titles = [...active].map(({ title, since }) => `${title} (${Math.round((performance.now() - since) / 1000)} s)`);
  const text = titles.join(', ');
  if (!isTerminal()) {
    console.log(`… ${text}`);
    return;
  }
  frame = (frame + 1) % FRAMES.length;
  process.stdout.write(`\r\u001b[2K${FRAMES[frame]} ${text.slice(0, (process.stdout.columns ?? 80) - 3)}`);
}

function clear() {
  if (isTerminal()) process.stdout.write('\r\u001b[2K');
}
