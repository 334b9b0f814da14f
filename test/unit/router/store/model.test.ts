import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openStore } from '../../../../src/router/store/open-store';
import type { AssociationRow, RegistrationRow, Store, StoredEvent, StoredEventState } from '../../../../src/router/store/store';
import { association } from './samples';

const MAX_ASSOCIATIONS = 5;

/** What a store promises, said as simply as possible. */
class Model {
  registrations = new Map<string, RegistrationRow>();
  events = new Map<number, StoredEvent>();
  associations: AssociationRow[] = [];
  lastSeq = 0;

  copy(): Model {
    const copy = new Model();
    copy.registrations = new Map(this.registrations);
    copy.events = new Map(this.events);
    copy.associations = [...this.associations];
    copy.lastSeq = this.lastSeq;
    return copy;
  }
}

interface Tested {
  readonly file: string;
  store: Store;
  /** The model as of the last commit. */
  committed: Model;
  clock: number;
}

/** One operation on the store and on its model. */
type Operation = (model: Model, tested: Tested) => void;

const runIds = fc.constantFrom('run_1', 'run_2', 'thread_a_run_1756919162904_9adf1f09', 'run_\ud800', '"', 'säule');
const seqs = fc.integer({ min: 1, max: 12 });
const states = fc.constantFrom<StoredEventState>('waiting', 'handing_over', 'dead');
const reasons = fc.option(fc.string({ maxLength: 5 }), { nil: undefined });

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ runId: runIds, threadId: fc.string({ maxLength: 4 }), age: fc.integer({ min: 0, max: 5 }), metadata: fc.option(fc.dictionary(fc.string({ maxLength: 2 }), fc.jsonValue(), { maxKeys: 2, noNullPrototype: true }), { nil: undefined }) }).map(
    ({ runId, threadId, age, metadata }): Operation =>
      (model, tested) => {
        tested.clock += 1;
        const createdAt = age * 1000 + tested.clock;
        const row: RegistrationRow = { runId, threadId, createdAt, lastAccessedAt: createdAt + 0.5, accessCount: age, ...(metadata === undefined ? {} : { metadata }) };
        model.registrations.set(runId, row);
        tested.store.putRegistration(row);
      },
  ),
  runIds.map((runId): Operation => (model, { store }) => {
    model.registrations.delete(runId);
    store.removeRegistration(runId);
  }),
  fc.record({ seq: seqs, state: states, payload: fc.uint8Array({ maxLength: 20 }), reason: fc.string({ maxLength: 4 }), threadId: fc.option(runIds, { nil: undefined }) }).map(
    ({ threadId, ...rest }): Operation =>
      (model, { store }) => {
        const event: StoredEvent = { at: 7, type: 'custom', ...rest, ...(threadId === undefined ? {} : { threadId }) };
        model.events.set(event.seq, event);
        model.lastSeq = Math.max(model.lastSeq, event.seq);
        store.putEvent(event);
      },
  ),
  fc.record({ numbers: fc.array(seqs, { maxLength: 4 }), state: states, reason: reasons }).map(({ numbers, state, reason }): Operation => (model, { store }) => {
    for (const seq of numbers) {
      const event = model.events.get(seq);
      if (event) model.events.set(seq, { ...event, state, reason: reason ?? event.reason });
    }
    store.markEvents(numbers, state, reason);
  }),
  fc.array(seqs, { maxLength: 4 }).map((numbers): Operation => (model, { store }) => {
    for (const seq of numbers) model.events.delete(seq);
    store.removeEvents(numbers);
  }),
  fc.record({ connectionId: fc.constantFrom('conn_a', 'conn_b'), threadId: runIds }).map(({ connectionId, threadId }): Operation => (model, { store }) => {
    const row = association(connectionId, threadId);
    model.associations.push(row);
    store.appendAssociation(row);
  }),
  fc.record({ connectionId: fc.constantFrom('conn_a', undefined), threadId: fc.option(runIds, { nil: undefined }), limit: fc.integer({ min: 0, max: 8 }) }).map(
    ({ connectionId, threadId, limit }): Operation =>
      (model, { store }) => {
        const expected = model.associations
          .slice(-MAX_ASSOCIATIONS)
          .filter((row) => (connectionId ?? row.connectionId) === row.connectionId && (threadId ?? row.threadId) === row.threadId)
          .reverse()
          .slice(0, limit);
        assert.deepEqual(store.associations({ limit, ...(connectionId === undefined ? {} : { connectionId }), ...(threadId === undefined ? {} : { threadId }) }), expected);
      },
  ),
  fc.constant<Operation>((model, tested) => {
    tested.store.commit();
    tested.committed = model.copy();
  }),
  fc.constant<Operation>((model, tested) => {
    tested.store.close();
    tested.committed = model.copy();
    tested.store = open(tested.file);
    expectContents(tested.store, model);
  }),
  fc.constant<Operation>((_model, tested) => {
    // What a crash now would leave: the file and its log as they are on disk.
    const image = `${tested.file}.image`;
    copyFileSync(tested.file, image);
    if (existsSync(`${tested.file}-wal`)) copyFileSync(`${tested.file}-wal`, `${image}-wal`);
    const store = open(image);
    try {
      expectContents(store, tested.committed);
    } finally {
      store.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(image + suffix, { force: true });
    }
  }),
);

function open(file: string): Store {
  return openStore(file, (_level, message) => assert.fail(message), { limits: { maxAssociations: MAX_ASSOCIATIONS } });
}

function expectContents(store: Store, model: Model): void {
  const { registrations, events, lastSeq } = store.load();
  assert.deepEqual(registrations, [...model.registrations.values()].sort((a, b) => a.createdAt - b.createdAt));
  const plain = (event: StoredEvent): unknown => ({ ...event, payload: [...event.payload] });
  assert.deepEqual(events.map(plain), [...model.events.values()].sort((a, b) => a.seq - b.seq).map(plain));
  assert.equal(lastSeq, model.lastSeq);
  assert.deepEqual(store.associations({ limit: 100 }), model.associations.slice(-MAX_ASSOCIATIONS).reverse());
}

describe('a store, against a model of it', () => {
  it('holds after any operations, reopenings and crashes what the model holds', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 40, size: 'max' }), (steps) => {
        const directory = mkdtempSync(join(tmpdir(), 'thread-lens-store-'));
        const file = join(directory, 'router.db');
        const tested: Tested = { file, store: open(file), committed: new Model(), clock: 0 };
        try {
          const model = new Model();
          for (const step of steps) step(model, tested);
          tested.store.close();
          tested.store = open(file);
          expectContents(tested.store, model);
        } finally {
          tested.store.close();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: Number(process.env['THREAD_LENS_MODEL_RUNS'] ?? 60) },
    );
  });
});
