import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE_FILE, l10nBundle, untranslated } from '../../scripts/l10n-strings';
import { ROOT } from '../harness/repository';

const files = globSync('src/workbench/**/*.ts', { cwd: ROOT }).map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

/** Words of programs (what a router elsewhere answers is in English) and of markup. */
const NOT_TRANSLATED = /workbench[/\\](?:insight[/\\]source[/\\]|attach[/\\](?!attach-command))|traffic-html\.ts$/;

const NO_WORDS_OF_OURS: ReadonlySet<string> = new Set([
  // A name, and a language as its extensions call it.
  "'Thread Lens'",
  "'Log'",
  // The steps as core names them.
  "'Orchestrator'",
  "'Connection manager'",
  "'Pattern extraction'",
  // Classes of elements, and keys.
  '`mark ${outcome}`',
  '`text ${term.lower}`',
  '`pattern ${term.source}`',
  // What goes over the wire.
  "`-H 'Content-Type: application/json'`",
  "'Disconnected in Thread Lens'",
  "'the agent'",
  // In the log.
  "', to look only'",
  // What stands in logs.
  '`User ${name}`',
  '`user ${name}`',
  "'Sample connection thread_ids'",
  // Parts of errors that other programs get.
  '`${name}: expected ${expected}, received ${shown}`',
  "'an object'",
  "'an empty text'",
  "'a non-blank string'",
  "'the window closed while the router started'",
  '`the thread ended with code ${code}`',
  '`at most ${MAX_BYTES} bytes`',
]);

describe('the workbench', () => {
  it('has all its strings in the source bundle for translators (npm run l10n writes it)', () => {
    assert.equal(readFileSync(BUNDLE_FILE, 'utf8'), l10nBundle());
    assert.equal((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { l10n: string }).l10n, './l10n');
  });

  it('says nothing to the user but through l10n.t', () => {
    const bare: string[] = [];
    for (const { file, text } of files) {
      // What these take first, or under these names, is read by people.
      for (const [call] of text.matchAll(/(?:show(?:Information|Warning|Error)Message\(|\b(?:title|prompt|placeHolder|tooltip):) ?['`][A-Z][^'`]*['`]/g)) bare.push(`${file}: ${call}`);
    }
    assert.deepEqual(bare, []);
  });

  it('lets no text make a link in a notification: all of it goes through noticeText', () => {
    const bare = files.flatMap(({ file, text }) => [...text.matchAll(/\bshow(?:Information|Warning|Error)Message\((?!\s*noticeText\().*/g)].map(([call]) => `${file}: ${call}`));
    assert.deepEqual(bare, []);
  });

  it('and its Traffic page say nothing in English beside it', () => {
    const bare: string[] = [];
    for (const file of globSync('src/{workbench,webview}/**/*.ts', { cwd: ROOT })) {
      if (NOT_TRANSLATED.test(file)) continue;
      for (const text of untranslated(file)) if (!NO_WORDS_OF_OURS.has(text)) bare.push(`${file}: ${text}`);
    }
    assert.deepEqual(bare, []);
  });

  it('has no telemetry and opens no connection but to a router that the user named', () => {
    const networked = files.filter(({ file, text }) => !/workbench[/\\]attach[/\\](?:debug-api|listening-router|socket-transport)\.ts$/.test(file) &&
      /from 'node:(?:http|https|http2|net|tls|dgram|dns)'|from 'ws'|\bfetch\(|\bnew WebSocket\(|XMLHttpRequest|sendBeacon|createTelemetryLogger|TelemetryReporter/.test(text),
    );
    assert.deepEqual(networked.map(({ file }) => file), []);
  });

  it('runs where files are not on this machine: no path of a document is taken for one of the disk', () => {
    const careless = files.filter(({ text }) => /\.fsPath\b/.test(text) && !/scheme [!=]== 'file'/.test(text));
    assert.deepEqual(careless.map(({ file }) => file), []);
  });
});
