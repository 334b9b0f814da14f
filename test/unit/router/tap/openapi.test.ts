import assert from 'node:assert/strict';
import { OpenApi } from '../../../harness/openapi';
import { until } from '../harness';
import { TestBackend, TestTap, TOKEN } from './tap-harness';

const RUN = 'thread_a_run_1756919162904_9adf1f09';

describe('tap: what it serves of media/openapi.yaml', () => {
  const openapi = new OpenApi();
  let backend: TestBackend;
  let tap: TestTap;
  before(async () => {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target);
  });
  after(async () => {
    await tap.stop();
    await backend.stop();
  });

  it('answers as the document says, under the path of its own, to who has the token', async () => {
    await tap.client('/ws?thread_id=thread_a&user_id=u1');
    await until(() => backend.sides.length === 1, 'the connection');
    backend.sides[0]?.socket.send(JSON.stringify({ type: 'agent_started', run_id: RUN, payload: {} }));
    await until(() => tap.tap.model.runs.get(RUN) !== undefined, 'the run');
    // Something for the notice of its health.
    backend.onRequest = (_request, response) => void response.writeHead(401).end();
    await fetch(`${tap.url}/api`, { headers: { authorization: 'Bearer of-the-app' } });
    for (const path of ['/debug/health', '/debug/connections', '/debug/threads', '/debug/runs']) {
      for (const [headers, status] of [[{}, 401], [{ authorization: `Bearer ${TOKEN}` }, 200]] as const) {
        const answer = await fetch(`${tap.url}/__thread-lens${path}`, { headers });
        const text = await answer.text();
        assert.equal(answer.status, status);
        openapi.check('GET', path, status, answer.headers.get('content-type') ?? '', text);
        if (status === 200) assert.match(text, path === '/debug/health' ? /"credentials_withheld"/ : /"id":/);
      }
    }
  });
});
