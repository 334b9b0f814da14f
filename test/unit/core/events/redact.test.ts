import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isSecretKey, redact, redactHeaders, redactText } from '../../../../src/core/index';

describe('isSecretKey', () => {
  const secret = [
    'authorization', 'Authorization', 'Proxy-Authorization', 'cookie', 'Set-Cookie', 'token', 'access_token', 'accessToken',
    'refreshToken', 'id_token', 'x-csrf-token', 'authToken', 'authtoken', 'password', 'user_password', 'db.password', 'PASSWORD_2',
    'passwd', 'pwd', 'secret', 'client_secret', 'clientSecret', 'clientsecret', 'api_key', 'apiKey', 'API_KEY', 'APIKey', 'apikey',
    'x-api-key', 'openai_api_key', 'api_key_openai', 'private_key', 'secretAccessKey', 'credentials', 'jwt', 'auth', 'x_auth',
    'token_value', 'access_tokens', 'refreshTokens', 'github_token_raw', 'basic_auth', 'session_cookie',
  ];
  const open = [
    'tokens_used', 'tokensUsed', 'tokens', 'max_tokens', 'token_count', 'token_type', 'token_limit', 'total_tokens', 'author',
    'authors', 'authority', 'monkey', 'key', 'keys', 'keyboard', 'primary_key', 'key_id', 'thread_id', 'run_id', 'session_id',
    'authenticated', 'auth_method', 'password_hint', 'password_required', 'tokenizer', 'cookie_consent', 'secretary', '', '__proto__',
    'token_ids', 'api_key_id', 'passworded_by_author',
  ];
  for (const name of secret) it(`hides ${name}`, () => assert.equal(isSecretKey(name), true));
  for (const name of open) it(`shows ${name || 'the empty name'}`, () => assert.equal(isSecretKey(name), false));
});

describe('redact', () => {
  it('hides values under secret names at any depth and leaves the rest as it was', () => {
    const value = {
      headers: { Authorization: 'Bearer abc', Cookie: 'a=b', accept: '*/*' },
      payload: { parameters: [{ api_key: 'k', author: 'Ann', monkey: 'George', tokens_used: 12, token: 99 }], password: null, secret: true },
    };
    assert.deepEqual(redact(value), {
      headers: { Authorization: '[REDACTED]', Cookie: '[REDACTED]', accept: '*/*' },
      payload: { parameters: [{ api_key: '[REDACTED]', author: 'Ann', monkey: 'George', tokens_used: 12, token: '[REDACTED]' }], password: null, secret: true },
    });
    assert.equal(value.headers.Authorization, 'Bearer abc', 'the original is untouched');
  });

  it('looks into strings, maps and sets, hides whole objects, and subprotocol tokens', () => {
    assert.deepEqual(redact({ url: 'ws://h/ws?token=T0k3n&thread_id=t' }), { url: 'ws://h/ws?token=[REDACTED]&thread_id=t' });
    assert.deepEqual(redact(new Map([['token', 'x']])), new Map([['token', '[REDACTED]']]));
    assert.deepEqual(redact(new Set(['Bearer abc1'])), new Set(['Bearer [REDACTED]']));
    assert.deepEqual(redact({ credentials: { user: 'u', pass: 'p' } }), { credentials: '[REDACTED]' });
    assert.deepEqual(redact({ 'sec-websocket-protocol': 'jwt-auth, jwt.abc, token.xyz' }), {
      'sec-websocket-protocol': 'jwt-auth, jwt.[REDACTED], token.[REDACTED]',
    });
  });

  it('redacts headers', () => {
    assert.deepEqual(redactHeaders({ host: '127.0.0.1', cookie: 'a=b', 'Sec-WebSocket-Protocol': 'token.abc' }), {
      host: '127.0.0.1',
      cookie: '[REDACTED]',
      'Sec-WebSocket-Protocol': 'token.[REDACTED]',
    });
  });

  it('cuts cycles and depth, and keeps __proto__ an ordinary key', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    assert.deepEqual(redact(cyclic), { self: '[CIRCULAR]' });
    let deep: unknown = 'end';
    for (let n = 0; n < 5000; n++) deep = { deep };
    assert.match(JSON.stringify(redact(deep)), /TOO DEEP/);
    const own = redact(JSON.parse('{"__proto__":{"token":"x"}}'));
    assert.equal(Object.getPrototypeOf(own), Object.prototype);
    assert.equal(JSON.stringify(own), '{"__proto__":{"token":"[REDACTED]"}}');
  });
});

describe('redactText', () => {
  const cases: [string, string][] = [
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [REDACTED]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [REDACTED]'],
    ['curl -H "Authorization: Bearer abc" http://x', 'curl -H "Authorization: Bearer [REDACTED]" http://x'],
    ['Cookie: a=b; c=d', 'Cookie: [REDACTED]'],
    ['Cookie: a=b; c=d\r\nHost: x', 'Cookie: [REDACTED]\r\nHost: x'],
    ['{"token":"abc","tokens_used":12}', '{"token":"[REDACTED]","tokens_used":12}'],
    ['{"password": "a\\"b", "x": 1}', '{"password": "[REDACTED]", "x": 1}'],
    ['{"password": "a\\\\", "x": 1}', '{"password": "[REDACTED]", "x": 1}'],
    ['{"m":"{\\"token\\":\\"abc\\",\\"n\\":1}"}', '{"m":"{\\"token\\":\\"[REDACTED]\\",\\"n\\":1}"}'],
    ["{'api_key': 'abc', 'author': 'Ann'}", "{'api_key': '[REDACTED]', 'author': 'Ann'}"],
    ['{"credentials":{"user":"u","pass":"}"},"x":1}', '{"credentials":[REDACTED],"x":1}'],
    ['GET /ws?token=abc&thread_id=thread_x HTTP/1.1', 'GET /ws?token=[REDACTED]&thread_id=thread_x HTTP/1.1'],
    ['got Bearer abc123 from user', 'got Bearer [REDACTED] from user'],
    ['Bearer token missing', 'Bearer token missing'],
    ['token: missing', 'token: missing'],
    ['login eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln ok', 'login [REDACTED] ok'],
    ['redis://user:hunter2@host:6379/0', 'redis://user:[REDACTED]@host:6379/0'],
    ['password=hunter2; next', 'password=[REDACTED]; next'],
    ['{"m":"{\\"credentials\\":[\\"a]b\\"],\\"n\\":1}","x":2}', '{"m":"{\\"credentials\\":[REDACTED],\\"n\\":1}","x":2}'],
    [JSON.stringify({ m: JSON.stringify({ k: JSON.stringify({ cookies: { a: '}"' }, n: 1 }) }) }), JSON.stringify({ m: JSON.stringify({ k: '{"cookies":[REDACTED],"n":1}' }) })],
    ["{'token': b'abc', u'password': u'abc', 'n': b'1'}", "{'token': b'[REDACTED]', u'password': u'[REDACTED]', 'n': b'1'}"],
    ["(b'authorization', b'Bearer abc1')", "(b'authorization', b'Bearer [REDACTED]')"],
    ['password := "abc"; password == "abc"; "password" => "abc"', 'password := "[REDACTED]"; password == "[REDACTED]"; "password" => "[REDACTED]"'],
    ['user[password]=abc&user%5Btoken%5D=def&n[author]=Ann', 'user[password]=[REDACTED]&user%5Btoken%5D=[REDACTED]&n[author]=Ann'],
    [`os.environ["API_KEY"] = "abc"`, `os.environ["API_KEY"] = "[REDACTED]"`],
    ['[AUTH]: connected', '[AUTH]: connected'],
    ['redis://user:hunt@er2@host:6379/0 for a@b', 'redis://user:[REDACTED]@host:6379/0 for a@b'],
    ['Invalid API key: sk-abc123', 'Invalid API key: [REDACTED]'],
    ['primary key: 12, the key = 3', 'primary key: 12, the key = 3'],
    ['private_key="-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----" n=1', 'private_key="[REDACTED]" n=1'],
    ['private_key="-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----" n=1', 'private_key="[REDACTED]" n=1'],
    ['Authorization=Bearer abc.def; token: Bearer abc n=1', 'Authorization=Bearer [REDACTED]; token: Bearer [REDACTED] n=1'],
    ['token=Bearer', 'token=[REDACTED]'],
    ['apiKey: `abc def`', 'apiKey: `[REDACTED]`'],
    ['?next=%2Fws%3Fapi_key%3Dabc%26n%3D1&x=2', '?next=%2Fws%3Fapi_key%3D[REDACTED]%26n%3D1&x=2'],
    ['monkey%3Dabc', 'monkey%3Dabc'],
    ['token: Bearer [REDACTED], auth: Bearer "abc"', 'token: Bearer [REDACTED], auth: Bearer "[REDACTED]"'],
    ['basic authentication', 'basic authentication'],
    ['author: Ann, monkey=George tokens_used=12', 'author: Ann, monkey=George tokens_used=12'],
    ['2025-09-03 10:26:02.904 | INFO | a:b:1 | run_id=thread_x_run_1_deadbeef', '2025-09-03 10:26:02.904 | INFO | a:b:1 | run_id=thread_x_run_1_deadbeef'],
  ];
  for (const [text, expected] of cases) it(text.slice(0, 60), () => assert.equal(redactText(text), expected));

  it('leaves no secret behind in JSON of any shape', () => {
    const secret = fc.stringMatching(/^[a-zA-Z0-9]{12,20}$/);
    const name = fc.constantFrom('token', 'password', 'apiKey', 'authorization', 'cookie', 'client_secret');
    fc.assert(fc.property(secret, name, fc.jsonValue({ maxDepth: 3 }), (value, key, other) => {
      const inside = { other, list: [{ [key]: `${value}Z9!"\\` }] };
      assert.ok(!redactText(JSON.stringify(inside)).includes(value));
      assert.ok(!JSON.stringify(redact(inside)).includes(`${value}Z9`));
      assert.ok(!redactText(JSON.stringify({ message: JSON.stringify(inside) })).includes(value));
    }), { numRuns: 300 });
  });

  it('is idempotent and never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const once = redactText(text);
      assert.equal(redactText(once), once);
    }), { numRuns: 500 });
  });

  it('does not slow down on long hostile text', function () {
    this.timeout(5000);
    for (const piece of ['token=', 'token="', 'token=\\"', 'token={', '-eyJ', '://a:', 'Bearer ', ':', 'token: a ', "x='", '\\"token\\":', 'jwt.']) {
      redactText(piece.repeat(200_000));
    }
  });
});
