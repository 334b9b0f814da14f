import assert from 'node:assert/strict';
import { fixed, python, script, told } from './analyse';

describe('IDs given where others belong', () => {
  it('finds a run ID sent to as a thread, by place and by name, in both spellings (F1)', () => {
    assert.deepEqual(told(python('await manager.send_to_thread(run_id, event)')), ['run-as-thread: run_id']);
    assert.deepEqual(told(python('await self.manager.send_to_thread(thread_id=context.run_id, message=m)')), ['run-as-thread: context.run_id']);
    assert.deepEqual(told(script('await manager.sendToThread(runId, event);')), ['run-as-thread: runId']);
    assert.deepEqual(told(script('manager.broadcastMessageToThread(this.runId!, event)')), ['run-as-thread: this.runId!']);
    assert.deepEqual(told(script('post({ threadId: runId, text })')), ['run-as-thread: runId']);
    assert.deepEqual(told(python('send({"thread_id": str(run_id)})')), ['run-as-thread: str(run_id)']);
    assert.deepEqual(told(python('x = manager.get_connections_for_thread(state["run_id"])')), ['run-as-thread: state["run_id"]']);
  });

  it('finds connection and run IDs passed as users (F4, F31)', () => {
    assert.deepEqual(told(python('manager.update_thread(user_id=connection_id, thread_id=thread_id)')), ['connection-as-user: connection_id']);
    assert.deepEqual(told(script('sendToUser(conn.connectionId, m)')), ['connection-as-user: conn.connectionId']);
    assert.deepEqual(told(script('manager.sendToUser(connectionId, m)')), ['connection-as-user: connectionId']);
    assert.deepEqual(told(python('manager.send_to_user(run_id, m)')), ['run-as-user: run_id']);
  });

  it('knows the parameters of functions of the file', () => {
    const source = 'def associate(user_id, thread_id):\n    pass\n\nassociate(connection_id, thread_id)\n';
    assert.deepEqual(told(python(source)), ['connection-as-user: connection_id']);
    assert.deepEqual(told(script('function deliver(threadId: string, event: E) {}\ndeliver(runId, event);')), ['run-as-thread: runId']);
    assert.deepEqual(told(python('class M:\n  async def push(self, thread_id, m): ...\n  async def go(self, run_id):\n    await self.push(run_id, 1)\n')), ['run-as-thread: run_id']);
    assert.deepEqual(told(python('def send_to_thread(run_id, m): ...\nsend_to_thread(run_id, 1)')), [], 'its own parameter is a run ID');
    assert.deepEqual(told(script('function submit(threadId: string) {}\napi.runs.submit(runId)')), [], 'another function of that name');
  });

  it('is silent where an ID is right, unknown, or meant to be resolved', () => {
    const silent = [
      'manager.send_to_thread(thread_id, event)',
      'manager.send_to_thread(extract_thread_id(run_id), event)',
      'registry.get_thread(run_id)',
      'def is_valid_thread(thread_id): ...\nis_valid_thread(run_id)',
      'bridge.resolve_thread_id(run_id)',
      'asyncio.to_thread(run_id)',
      'asyncio.run_coroutine_threadsafe(run_id)',
      'executor.run_in_thread(run_id)',
      'registry.register(run_id, thread_id)',
      'registry.get_runs_for_thread(run_id)',
      'send_to_thread(message, thread_id, run_id)',
      'f(thread_id=thread_id or run_id)',
      'f(thread_or_run_id=run_id)',
      '# send_to_thread(run_id, event)',
      'text = "send_to_thread(run_id, event)"',
      '"""\nsend_to_thread(run_id, event)\n"""',
      'def send_to_thread(run_id, event): ...',
      'match m:\n    case _: pass',
    ];
    for (const source of silent) assert.deepEqual(told(python(source)), [], source);
    const scripts = [
      'const { threadId: runId } = state;',
      'for (const { threadId: runId } of all) {}',
      'const f = ({ threadId: runId }) => runId;',
      'function f({ threadId: runId }: P) {}',
      '// sendToThread(runId)',
      '/* sendToThread(runId) */',
      'const t = `sendToThread(runId)`;',
      'const r = /sendToThread(runId)/;',
      'interface A { threadId: string; runId: string }',
      'sendToThread(...runId)',
    ];
    for (const source of scripts) assert.deepEqual(told(script(source)), [], source);
  });

  it('takes a name alone for a fault only where routing is in use', () => {
    for (const source of ['graph.invoke(state, thread_id=run_id)', 'config = {"configurable": {"thread_id": run_id}}', 'log(user_id=connection_id)']) {
      const { findings, findingsInRouting } = python(source);
      assert.deepEqual([findings.length, findingsInRouting.length], [0, 1], source);
    }
    assert.deepEqual(told(python('find(from_user_id=connection_id)')), [], 'a relation');
    assert.equal(python('send_to_thread(thread_id=run_id)').findings.length, 1);
    assert.equal(python('def f(user_id): ...\nf(connection_id)').findings.length, 0);
  });

  it('replaces the run ID by the thread ID in scope', () => {
    const source = 'async def go(self, run_id, thread_id):\n    await self.manager.send_to_thread(run_id, event)\n';
    const [finding] = python(source).findings;
    assert.equal(fixed(source, finding, 'use-variable'), source.replace('(run_id, event', '(thread_id, event'));
    const other = 'def a(thread_id):\n    pass\n\ndef b(run_id):\n    m.send_to_thread(run_id, 1)\n';
    assert.deepEqual(python(other).findings[0]?.fixes, [], 'the thread of another function is out of reach');
    const code = 'function go(runId: string) {\n  const threadId = lookup(runId);\n  manager.sendToThread(runId, 1);\n}';
    assert.equal(fixed(code, script(code).findings[0], 'use-variable'), code.replace('sendToThread(runId', 'sendToThread(threadId'));
  });

  it('wraps the run ID in the extraction of the file, awaited where that is asynchronous', () => {
    const source = 'from ids import extract_thread_id\n\ndef go(run_id):\n    m.send_to_thread(run_id, 1)\n';
    assert.match(fixed(source, python(source).findings[0], 'extract'), /send_to_thread\(extract_thread_id\(run_id\), 1\)/);
    const method = 'class B:\n    async def a(self, run_id):\n        t = await self._resolve_thread_id(run_id)\n    async def b(self, run_id):\n        await m.send_to_thread(run_id, 1)\n';
    assert.match(fixed(method, python(method).findings[0], 'extract'), /send_to_thread\(await self\._resolve_thread_id\(run_id\), 1\)/);
    const synchronous = method.replace('async def b', 'def b').replace('await m.', 'm.');
    assert.deepEqual(python(synchronous).findings[0]?.fixes, [], 'nothing can be awaited there');
  });
});
