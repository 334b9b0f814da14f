import assert from 'node:assert/strict';
import { defineFormat, FormatTable } from '../../../src/core/index';
import { analyse, fixed, python, script, told } from './analyse';

describe('IDs that programs put together', () => {
  it('finds run IDs in which no parser finds the thread, however they are written', () => {
    for (const source of [
      'run_id = f"run_{thread_id}_{int(time.time())}"',
      'run_id = "run_" + thread_id + "_" + str(int(time.time()))',
      'run_id = "run_{}_{}".format(thread_id, int(time.time()))',
      'run_id = "run_%s_%s" % (thread_id, int(time.time()))',
    ]) {
      assert.equal(told(python(source))[0]?.split(':')[0], 'unreadable-run-id', source);
    }
    assert.equal(told(script('const id = `run_${threadId}_${Date.now()}`;'))[0]?.split(':')[0], 'unreadable-run-id');
    assert.equal(told(script("const id = 'run_' + threadId + '_' + Date.now();"))[0]?.split(':')[0], 'unreadable-run-id');
  });

  it('is silent about formats that some parser reads, and about what is no ID', () => {
    for (const source of [
      'f"thread_{thread_id}_run_{int(time.time() * 1000)}_{uuid.uuid4().hex[:8]}"',
      'f"run_{thread_id}_{uuid.uuid4().hex[:8]}"',
      'f"run_{thread_id}_{suffix}"',
      'f"run_{uuid.uuid4()}"',
      'getattr(self, f"run_{name}")',
      'f"run_{name}.py"',
      'f"thread_{i}"',
      'f"thread_run_{thread_id}_{i}"',
      'x.startswith(f"run_{thread_id}_")',
      'x.startswith("thread_thread_")',
      'f"run_{thread_id} failed"',
      'f"run_{thread_id}"',
    ]) {
      assert.deepEqual(told(python(source)), [], source);
    }
    assert.deepEqual(told(script('const id = `thread_${threadId}_run_${Date.now()}_${randomUUID().slice(0, 8)}`;')), []);
  });

  it('takes the formats of the workspace for readable', () => {
    const source = 'f"run_{thread_id}_{int(time.time())}"';
    const table = FormatTable.builtIn.with([defineFormat({ name: 'ours', template: 'run_{thread:hex16}_{s}', thread: 'prefixed' })]);
    assert.deepEqual(told(analyse(source, 'python', table)), []);
  });

  it('offers the generator of the file', () => {
    const source = 'from ids import generate_run_id\nrun_id = f"run_{thread_id}_{int(time.time())}"\n';
    assert.match(fixed(source, python(source).findingsInRouting[0], 'generate'), /run_id = generate_run_id\(thread_id\)/);
  });

  it('finds hyphens that are there for certain (F8), with a fix for UUIDs', () => {
    const source = 'thread_id = f"thread_{uuid.uuid4()}"';
    const [finding] = python(source).findingsInRouting;
    assert.equal(finding?.rule, 'hyphen');
    assert.equal(fixed(source, finding, 'without-hyphens'), 'thread_id = f"thread_{uuid.uuid4().hex}"');
    const code = 'const t = `thread_${crypto.randomUUID()}`;';
    assert.equal(fixed(code, script(code).findingsInRouting[0], 'without-hyphens'), "const t = `thread_${crypto.randomUUID().replaceAll('-', '')}`;");
    assert.deepEqual(told(script('join("thread_dev-temp-cc173c1d")')), ['hyphen: thread_dev-temp-cc173c1d']);
    assert.deepEqual(told(python('f"thread_{uuid.uuid4().hex}"')), []);
    assert.deepEqual(told(python('f"thread_{uuid.uuid4().hex[:16]}"')), []);
    assert.deepEqual(told(python('x = "thread_pool-size"')), [], 'a name, not an ID');
  });

  it('finds doubled prefixes that are there for certain (F9), with a fix', () => {
    const source = 'x = "thread_thread_abc"';
    assert.equal(fixed(source, python(source).findings[0], 'strip-prefix'), 'x = "thread_abc"');
    const variable = 'thread_id = f"thread_{user}"\nkey = f"thread_{thread_id}"\n';
    assert.equal(fixed(variable, python(variable).findings[0], 'strip-prefix'), 'thread_id = f"thread_{user}"\nkey = thread_id\n');
    assert.deepEqual(told(python('def f(thread_id):\n    return f"thread_{thread_id}"')), [], 'nobody knows what comes in');
  });

  it('names the format of each place that mints run IDs', () => {
    const { generators } = python('a = f"run_{thread_id}_{uuid.uuid4().hex[:8]}"\nb = f"thread_{thread_id}_run_{int(time.time()*1000)}_{uuid.uuid4().hex[:8]}"\nc = f"run_{name}"\n');
    assert.deepEqual(generators.map(({ namesThread }) => namesThread), [true, true]);
    assert.notEqual(generators[0]?.format, generators[1]?.format);
  });

  it('tells routing programs from others', () => {
    assert.equal(python('await m.send_to_thread(thread_id, x)').speaksOfRouting, true);
    assert.equal(python('from x import UnifiedIDManager').speaksOfRouting, true);
    assert.equal(python('await asyncio.to_thread(f)\nthread_id = threading.get_ident()').speaksOfRouting, false);
    assert.equal(script('client.threads.runs.create(threadId)').speaksOfRouting, false);
  });
});
