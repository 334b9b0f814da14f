import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redact, redactBody, redactText } from '../../../../src/core/index';

describe('bodies without secrets', () => {
  const key = fc.oneof(fc.constantFrom('token', 'password', 'api_key', 'note', 'author', 'sec-websocket-protocol', 'cookie', 'name', 'value', 'key', 'rawHeaders'), fc.string());
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 1.5, '', 'Bearer abcdefgh12345678', 'plain', 'password=hunter22', '"\\', 'x-api-key', 'token', 'jwt.short', 'Sec-WebSocket-Protocol'), fc.string(), fc.stringMatching(/^Zq[a-z0-9]{10}$/), fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  it('hold what the redacted value holds, however the JSON is laid out', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (given, indent) => {
        const text = JSON.stringify(given, undefined, indent);
        assert.deepEqual(JSON.parse(redactBody(text)), JSON.parse(JSON.stringify(redact(given))));
      }),
    );
  });

  it('hold back nothing that the same JSON, indented or within other JSON, shows when it is read as prose', () => {
    fc.assert(
      fc.property(value, (given) => {
        const [json, shown] = [JSON.stringify(given), JSON.stringify(redact(given))];
        const secrets = (json.match(/Zq[a-z0-9]{10}/g) ?? []).filter((secret) => !shown.includes(secret));
        for (const text of [json, JSON.stringify(given, undefined, 2), JSON.stringify({ message: json })]) {
          const prose = redactText(text);
          assert.deepEqual(secrets.filter((secret) => prose.includes(secret)), [], text);
          assert.equal(redactText(prose), prose);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stay byte for byte where nothing is secret', () => {
    for (const text of ['{"a": 1.0, "n": 12345678901234567890 , "s":"\\u00e9\\/"}', '[ ]', ' {"x" :\n["y"]}', 'plain prose', '']) assert.equal(redactBody(text), text);
  });

  it('hide a secret that stands twice, or under an escaped name', () => {
    const shown = redactBody('{"token":"s3cr3t-one","token":"", "pass\\u0077ord":"s3cr3t-two","token": {"a":["s3cr3t-three"]}}');
    assert.ok(!shown.includes('s3cr3t'), shown);
    assert.equal(shown, '{"token":"[REDACTED]","token":"", "pass\\u0077ord":"[REDACTED]","token": "[REDACTED]"}');
  });

  it('are found in linear time at any depth', () => {
    const deep = `${'{"a":'.repeat(3000)}{"password":"hunter22"}${'}'.repeat(3000)}`;
    assert.ok(redactBody(deep).includes('{"password":"[REDACTED]"}'));
  });
});
