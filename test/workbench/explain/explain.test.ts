import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { AGENT_EVENT_TYPES, compareDialects, readRunId, recogniseLogMessage } from '../../../src/core/index';
import type { Diagnosis, FaultId } from '../../../src/core/index';
import type { LiveAnswer } from '../../../src/protocol/inspection';
import type { RunningRouter } from '../../../src/workbench/router/router-controller';
import { poll } from '../../harness/poll';
import { TestClient } from '../../host/clients';
import { ACKNOWLEDGED, NAMED, RECOGNISED, reconnects, ROWS } from '../../unit/core/diagnosis/catalogue-rows';
import { associate, connect, miss, R, sample, START, T, T2, UUID_RUN } from '../../unit/core/diagnosis/log-lines';
import { foreignBundle, untranslatedIn } from '../foreign-language';
import { startWorkbench, type Started } from '../start-workbench';
import { assertGolden } from './golden';

const DAY = 86_400_000;
const FOUNDING = `No connections found for thread ${R}`;

/** What an explanation says in the words of core, and the names it has for things. */
function* saidByCore(id: string, diagnoses: readonly Diagnosis[]): Generator<string | undefined> {
  yield* [id, 'Orchestrator', 'Connection manager', 'Pattern extraction', 'thread_13679e4dcc38403b', T2];
  for (const { label, format, era, suffix, threadId, warnings } of readRunId(id)) yield* [label, format, era, suffix, threadId, ...warnings.map(({ message }) => message)];
  const { answers, diagnosis } = compareDialects(id);
  yield diagnosis;
  for (const { dialect, threadId, pattern } of answers) yield* [dialect, threadId, pattern];
  for (const fault of diagnoses) {
    const { verdict, title, cause, expected, received, nearMisses, actions, evidence } = fault;
    yield* [verdict, title, cause, expected, received, fault.id, ...fault.catalogue, ...actions.map((action) => action.text)];
    for (const { threadId, why } of nearMisses) yield* [threadId, why];
    for (const { text } of evidence) yield* linesOf(text);
  }
}

/** Lines of a log as they are shown. */
function* linesOf(text: unknown): Generator<string | undefined> {
  if (typeof text !== 'string') return;
  for (const line of text.split('\n')) {
    const message = recogniseLogMessage(line);
    yield* [line, line.trim().slice(0, 240), message?.text, message?.text.slice(0, 240), message?.meaning];
  }
}

describe('Explain Routing', () => {
  let started: Started;

  beforeEach(async () => {
    started = await startWorkbench({ now: () => START + DAY });
  });

  afterEach(() => started.end());

  async function explain(argument?: unknown): Promise<readonly Diagnosis[]> {
    const diagnoses = await started.fake.commands.run<readonly Diagnosis[] | undefined>('threadLens.explainRouting', argument);
    assert.ok(diagnoses);
    return diagnoses;
  }

  function shown(): vscode.TextDocument {
    const document = started.fake.editors.active?.document;
    assert.equal(document?.uri.scheme, 'thread-lens');
    return document;
  }

  /** The shown document, its random parts made plain. */
  function text(): string {
    return shown().getText().replaceAll(/(conn_u\d+_)[0-9a-f]{8}\b(?<!0000000\d)/g, '$1xxxxxxxx');
  }

  function openLog(lines: readonly string[], path = '/logs/backend.log'): vscode.TextDocument {
    return started.fake.documents.add(started.fake.api.Uri.file(path), `${lines.join('\n')}\n`, 'log');
  }

  async function client(query: string): Promise<TestClient> {
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    return TestClient.connect(`${running.clientUrl}${query}`);
  }

  describe('golden documents', () => {
    const seen = new Map<string, number>();
    const golden = (row: string, id: FaultId, shows: readonly string[]): void => {
      const name = row === '' ? id : `${row}-${id}`;
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      it(`${name} ${nth}`, async () => {
        const document = openLog(shows);
        const diagnoses = await explain({ uri: document.uri.toString(), line: 1, endLine: shows.length });
        assert.ok(diagnoses.some((each) => each.id === id), diagnoses.map((each) => each.id).join());
        assertGolden(nth === 1 ? name : `${name}-${nth}`, text());
      });
    };
    for (const { row, id, shows } of [...ROWS, ...NAMED]) golden(row, id, shows);
    for (const [row, id, line] of RECOGNISED) golden(row, id, [line]);
    golden('F54', 'handler-precedence', [ACKNOWLEDGED]);
    golden('F58', 'reconnect-storm', reconnects(0.1));

    it('covers every row of the catalogue', () => {
      for (let row = 1; row <= 62; row++) assert.ok([...seen.keys()].some((name) => name.startsWith(`F${row}-`)), `F${row}`);
    });

    it('the founding error without a router', async () => {
      const diagnoses = await explain(FOUNDING);
      assert.equal(diagnoses[0]?.id, 'composite-as-thread');
      assert.equal(diagnoses[0]?.runId, R);
      assert.equal(diagnoses[0]?.expected, T);
      assertGolden('founding-error', text());
    });

    it('the founding error with a client on the right thread', async () => {
      const [one, other] = [await client(`?thread_id=${T}&user_id=u1`), await client(`?thread_id=${T2}&user_id=u2`)];
      await poll('the connections', () => started.fake.trees.treeText('threadLens.threads').then((tree) => tree.includes(T2)));
      const diagnoses = await explain(FOUNDING);
      assert.match(diagnoses[0]?.verdict ?? '', /1 connection listens/);
      assertGolden('founding-error-live', text());
      await Promise.all([one.close(), other.close()]);
    });

    it('a run ID whose thread nobody listens on, while a similar one is live', async () => {
      const one = await client('?thread_id=thread_13679e4dcc38403b&user_id=u1');
      await poll('the connection', () => started.fake.trees.treeText('threadLens.threads').then((tree) => tree.includes('thread_13679e4dcc38403b')));
      await explain(R);
      assertGolden('near-miss-live', text());
      await one.close();
    });

    it('IDs alone', async () => {
      for (const [name, id] of [
        ['composite-id', R],
        ['legacy-id', 'run_user_123_abc12345'],
        ['bare-run', UUID_RUN],
        ['ambiguous-id', 'run_1756919162904_9adf1f09'],
        ['hyphenated-id', 'thread_user-1_run_1756919162904_9adf1f09'],
        ['thread-id', T],
        ['connection-id', 'conn_dev-temp-cc173c1d_3052f606'],
        ['not-an-id', 'hello'],
      ] as const) {
        await explain(id);
        assertGolden(`id-${name}`, text());
      }
    });

    it('lines in which nothing is wrong', async () => {
      await explain([connect(0), associate(1)].join('\n'));
      assertGolden('no-fault', text());
    });
  });

  it('reads a line of an open log with the lines around it, and links to them', async () => {
    const document = openLog([connect(0), associate(1), miss(2, R), miss(3, R)]);
    const diagnoses = await explain({ uri: document.uri.toString(), line: 3 });
    assert.match(diagnoses[0]?.verdict ?? '', /1 connection listens on thread_13679e4dcc38403a/);
    const links = await started.fake.languages.links(shown());
    assert.deepEqual(
      links.filter(({ target }) => target?.scheme !== 'command').map((link) => [shown().getText(link.range), link.target?.path, link.target?.fragment]),
      [
        ['backend.log:3', '/logs/backend.log', 'L3'],
        ['backend.log:4', '/logs/backend.log', 'L4'],
      ],
    );
  });

  it('explains what the editor points at: a selection of lines, a line, an ID', async () => {
    const document = openLog([connect(0), associate(1), miss(2, R), sample(2, `['${T}']`), associate(3, T2)]);
    await started.fake.editors.show(document);
    started.fake.editors.select(2, 0, 4, 0);
    assert.equal((await explain())[0]?.id, 'composite-as-thread');
    assert.match(text(), /backend\.log:3/);

    await started.fake.editors.show(document);
    started.fake.editors.select(2, 3);
    assert.equal((await explain())[0]?.id, 'composite-as-thread');

    await started.fake.editors.show(document);
    started.fake.editors.select(4, document.lineAt(4).text.indexOf(T2) + 3);
    await explain();
    assert.match(text(), new RegExp(`${T2}\\n`));

    const source = started.fake.documents.add(started.fake.api.Uri.file('/src/ids.ts'), `const RUN = '${R}';`, 'typescript');
    await started.fake.editors.show(source);
    started.fake.editors.select(0, 20);
    await explain();
    assert.match(text(), new RegExp(`^# ${R}\n`));
  });

  it('asks when nothing is pointed at', async () => {
    started.fake.inputs.type(FOUNDING);
    assert.equal((await explain())[0]?.id, 'composite-as-thread');
  });

  it('takes a registered run as the router knows it', async () => {
    const one = await client(`?thread_id=${T}`);
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    await fetch(`${running.url}/registry/runs/${UUID_RUN}`, {
      method: 'PUT',
      body: JSON.stringify({ thread_id: T }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${running.token}` },
    });
    const diagnoses = await explain(UUID_RUN);
    assert.match(text(), new RegExp(`Routes to ${T}\\.`));
    assert.deepEqual(diagnoses.filter(({ severity }) => severity === 'error'), []);
    await one.close();
  });

  it('speaks the language of the window, with no English between', async () => {
    await started.end();
    started = await startWorkbench({ now: () => START + DAY, l10nBundle: foreignBundle() });
    const clients = [await client('?thread_id=thread_13679e4dcc38403b&user_id=u1'), await client(`?thread_id=${T2}&user_id=u2`)];
    await poll('the connections', () => started.fake.trees.treeText('threadLens.threads').then((tree) => tree.includes(T2)));
    const established = await clients[0]?.next((message) => message['type'] === 'connection_established');
    for (const argument of [R, T, T2, UUID_RUN, 'run_1756919162904_9adf1f09', 'hello', String(established?.['connection_id']), FOUNDING, [connect(0), associate(1)].join('\n'), ...ROWS.map(({ shows }) => shows.join('\n'))]) {
      const diagnoses = await explain(argument);
      const [id = ''] = /^# (\S+)$/m.exec(shown().getText())?.slice(1) ?? [];
      const subject = /^## ж+ ж+ (\S+)$/m.exec(shown().getText())?.[1] ?? id;
      const answer = subject === '' ? undefined : ((await started.workbench.api.explain(subject)) as LiveAnswer);
      const fromRouter = [...(answer?.steps ?? []).flatMap(({ name, reason }) => [name, reason]), ...(answer?.nearMisses ?? []).flatMap(({ thread_id: threadId, why }) => [threadId, why])];
      assert.deepEqual(untranslatedIn(shown().getText().replaceAll(/conn_u2_\w+/g, ''), [...saidByCore(subject, diagnoses), ...fromRouter, ...linesOf(argument)]), [], text());
    }
    await Promise.all(clients.map((each) => each.close()));
  });

  it('refuses nothing: any text makes a document', async () => {
    // Words that are no ID are not told what an ID of theirs lacks.
    await client(`?thread_id=${T}`);
    await poll('the connection', () => started.fake.trees.treeText('threadLens.threads').then((tree) => tree.includes(T)));
    assert.deepEqual(await explain('no such thing'), []);
    for (const given of ['', ' ', '\u202e\u0000', 'x'.repeat(300_000), `a ${AGENT_EVENT_TYPES.join(' ')}`, '{"type":"x"}\n\n']) {
      await explain(given);
      assert.doesNotMatch(text(), /[\u202e\u0000]|undefined/);
    }
  });
});
