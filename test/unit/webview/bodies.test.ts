import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bodyContent, prettyText } from '../../../src/webview/body/body-content';
import { hexLines } from '../../../src/webview/body/hex-lines';
import { CHUNK, jsonNode, type JsonNode } from '../../../src/webview/body/json-node';
import { curlCommand } from '../../../src/webview/copy/curl-command';

function leaves(node: JsonNode): JsonNode[] {
  return node.size === 0 ? [node] : node.children().flatMap((child) => leaves(child));
}

describe('the tree of a JSON value', () => {
  it('has every value of any JSON, and no level longer than one chunk', () => {
    const walk = (node: JsonNode, value: unknown): void => {
      const children = node.children();
      assert.ok(children.length <= CHUNK);
      if (typeof value !== 'object' || value === null) {
        assert.equal(node.text, JSON.stringify(value));
        return;
      }
      const entries: (readonly [string, unknown])[] = Array.isArray(value) ? value.map((item: unknown, index) => [String(index), item]) : Object.entries(value);
      assert.equal(node.size, entries.length);
      assert.deepEqual(children.map(({ name }) => name), entries.map(([name]) => name));
      for (const [index, child] of children.entries()) walk(child, entries[index]?.[1]);
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        walk(jsonNode(json), json);
      }),
    );
  });

  it('shows the digits of a number as they were sent', () => {
    const content = bodyContent({ text: '{"order":12345678901234567890,"list":[1.50,1e400],"plain":7}' });
    assert.ok(content?.json);
    const node = jsonNode(content.json.value);
    assert.equal(node.text, '{order: 12345678901234567890, list: [2], plain: 7}');
    assert.deepEqual(leaves(node).map(({ kind, text }) => `${kind} ${text}`), ['number 12345678901234567890', 'number 1.50', 'number 1e400', 'number 7']);
    assert.equal(prettyText(content)?.replaceAll(/\s/g, ''), '{"order":12345678901234567890,"list":[1.50,1e400],"plain":7}');
  });

  it('splits a long list into ranges and loses none of it', () => {
    for (const length of [100, 101, 250, 10_000, 25_001]) {
      const node = jsonNode(Array.from({ length }, (_, index) => index));
      const all = leaves(node);
      assert.equal(all.length, length);
      assert.deepEqual([all[0]?.name, all.at(-1)?.name, all.at(-1)?.text], ['0', String(length - 1), String(length - 1)]);
      assert.ok(node.children().length <= CHUNK);
    }
    assert.equal(jsonNode(Array.from({ length: 250 }, () => 0)).children()[1]?.text, '[100 … 199]');
  });

  it('sums an object up in a bounded length', () => {
    const node = jsonNode({ type: 'agent_started', run_id: 'x'.repeat(500), payload: {}, list: [1, 2], more: 1, evenMore: 'y'.repeat(50) });
    assert.ok(node.text.startsWith('{type: "agent_started", run_id: "xxx'));
    assert.ok(node.text.length < 120, node.text);
    assert.ok(node.text.endsWith('…}'));
  });
});

describe('hexLines', () => {
  it('shows offset, bytes and ASCII', () => {
    assert.deepEqual(hexLines(new TextEncoder().encode('thread_ab\u0000ü end')), [
      '00000000  74 68 72 65 61 64 5f 61  62 00 c3 bc 20 65 6e 64  thread_ab... end',
    ]);
    assert.deepEqual(hexLines(Uint8Array.of(1, 0x41)), [`00000000  01 41 ${'   '.repeat(6)} ${'   '.repeat(8)} .A`]);
    assert.deepEqual(hexLines(new Uint8Array()), []);
  });

  it('can be read back to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const read = hexLines(bytes).flatMap((line) => line.slice(10, 59).trim().split(/\s+/).map((pair) => Number.parseInt(pair, 16)));
        assert.deepEqual(read, [...bytes]);
      }),
    );
  });

  it('ends after as many lines as asked for', () => {
    assert.equal(hexLines(new Uint8Array(1000), 3).length, 3);
  });
});

describe('bodyContent', () => {
  it('reads text, JSON and binary bodies', () => {
    assert.deepEqual(bodyContent({ text: '{"a":1}' })?.json, { value: { a: 1 } });
    assert.equal(bodyContent({ text: 'null' })?.json?.value, null);
    assert.equal(bodyContent({ text: '{' })?.json, undefined);
    const binary = bodyContent({ base64: 'AP+A' });
    assert.deepEqual([...(binary?.bytes ?? [])], [0, 255, 128]);
    assert.equal(binary?.text, undefined);
  });

  it('has nothing to show for a body that is gone or damaged', () => {
    assert.equal(bodyContent({ missing: true }), undefined);
    assert.equal(bodyContent({ error: 'closed' }), undefined);
    assert.equal(bodyContent({ base64: '*' }), undefined);
  });

  it('indents JSON and leaves other text alone', () => {
    const pretty = (text: string): string | undefined => {
      const content = bodyContent({ text });
      return content && prettyText(content);
    };
    assert.equal(pretty('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}');
    assert.equal(pretty('plain'), 'plain');
  });
});

describe('curlCommand', () => {
  it('survives quotes and takes the token from the environment', () => {
    assert.equal(
      curlCommand('http://127.0.0.1:8787', `{"message":"it's"}`),
      [
        String.raw`curl -sS -X POST 'http://127.0.0.1:8787/agent/events' ` + '\\',
        String.raw`  -H "Authorization: Bearer $THREAD_LENS_TOKEN" ` + '\\',
        String.raw`  -H 'Content-Type: application/json' ` + '\\',
        String.raw`  --data-raw '{"message":"it'\''s"}'`,
      ].join('\n'),
    );
  });
});
