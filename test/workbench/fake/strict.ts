/** Asked for by promises, loggers and assertion libraries, never by an extension. */
const PROBED = new Set(['then', 'toJSON', 'inspect', 'constructor', 'nodeType', 'asymmetricMatch']);

/** Makes a gap of the fake visible: reading or writing what is not faked throws and names it. */
export function strict<T extends object>(path: string, target: T): T {
  const missing = (key: string): Error => new Error(`fake vscode: ${path === '' ? key : `${path}.${key}`} is not faked`);
  return new Proxy(target, {
    get(object, key) {
      if (typeof key === 'string' && !(key in object) && !PROBED.has(key)) throw missing(key);
      return Reflect.get(object, key) as unknown;
    },
    set(object, key, value) {
      if (typeof key === 'string' && !(key in object)) throw missing(key);
      return Reflect.set(object, key, value);
    },
  });
}
