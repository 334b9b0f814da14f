import { posix } from 'node:path';
import type * as vscode from 'vscode';

export interface UriComponents {
  readonly scheme: string;
  readonly authority?: string | undefined;
  readonly path?: string | undefined;
  readonly query?: string | undefined;
  readonly fragment?: string | undefined;
}

type Change = { [K in keyof UriComponents]?: string | null | undefined };

/** RFC 3986 appendix B, with a scheme as VS Code takes it. */
const PARTS = /^(?:([^:/?#]+?):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?/;
const SCHEME = /^\w[\w\d+.-]*$/;

/** `vscode.Uri`: components are held decoded and encoded by `toString`. */
export class Uri implements vscode.Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  private formatted: string | undefined;

  private constructor(components: UriComponents, mustHaveScheme: boolean) {
    this.scheme = components.scheme === '' && !mustHaveScheme ? 'file' : components.scheme;
    this.authority = components.authority ?? '';
    this.path = rooted(this.scheme, components.path ?? '');
    this.query = components.query ?? '';
    this.fragment = components.fragment ?? '';
    this.check();
  }

  static parse(value: string, strict = false): Uri {
    const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = PARTS.exec(value) ?? [];
    return new Uri(
      {
        scheme,
        authority: percentDecode(authority),
        path: percentDecode(path),
        query: percentDecode(query),
        fragment: percentDecode(fragment),
      },
      strict,
    );
  }

  static file(path: string): Uri {
    const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
    if (!slashed.startsWith('//')) return new Uri({ scheme: 'file', path: slashed }, false);
    const end = slashed.indexOf('/', 2);
    if (end === -1) return new Uri({ scheme: 'file', authority: slashed.slice(2), path: '/' }, false);
    return new Uri({ scheme: 'file', authority: slashed.slice(2, end), path: slashed.slice(end) || '/' }, false);
  }

  static from(components: UriComponents): Uri {
    return new Uri(components, false);
  }

  static joinPath(base: vscode.Uri, ...segments: string[]): Uri {
    if (base.path === '') throw new Error('[UriError]: cannot call joinPath on URI without path');
    return new Uri({ ...partsOf(base), path: posix.join(base.path, ...segments) }, false);
  }

  get fsPath(): string {
    let path = this.path;
    if (this.authority !== '' && path.length > 1 && this.scheme === 'file') path = `//${this.authority}${path}`;
    else if (/^\/[a-zA-Z]:/.test(path)) path = path.charAt(1).toLowerCase() + path.slice(2);
    return process.platform === 'win32' ? path.replaceAll('/', '\\') : path;
  }

  with(change: Change): Uri {
    const pick = (changed: string | null | undefined, own: string): string =>
      changed === undefined ? own : (changed ?? '');
    const components = {
      scheme: pick(change.scheme, this.scheme),
      authority: pick(change.authority, this.authority),
      path: pick(change.path, this.path),
      query: pick(change.query, this.query),
      fragment: pick(change.fragment, this.fragment),
    };
    const same = (Object.keys(components) as (keyof typeof components)[]).every((key) => components[key] === this[key]);
    return same ? this : new Uri(components, false);
  }

  toString(skipEncoding = false): string {
    if (skipEncoding) return this.format(encodeMinimal);
    return (this.formatted ??= this.format(encodeAll));
  }

  toJSON(): object {
    const { scheme, authority, path, query, fragment, formatted } = this;
    const given = Object.entries({ external: formatted, path, scheme, authority, query, fragment });
    return { $mid: 1, ...Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== '')) };
  }

  private format(encode: (text: string, safe: string) => string): string {
    let text = this.scheme === '' ? '' : `${this.scheme}:`;
    if (this.authority !== '' || this.scheme === 'file') text += '//';
    if (this.authority !== '') text += formatAuthority(this.authority, encode);
    const path = this.path.replace(/^(\/?)([A-Z]):/, (_, slash: string, drive: string) => `${slash}${drive.toLowerCase()}:`);
    text += encode(path, '/');
    if (this.query !== '') text += `?${encode(this.query, '')}`;
    if (this.fragment !== '') text += `#${encode === encodeMinimal ? this.fragment : encode(this.fragment, '')}`;
    return text;
  }

  private check(): void {
    const { scheme, authority, path, query, fragment } = this;
    if (scheme === '') {
      throw new Error(
        `[UriError]: Scheme is missing: {scheme: "", authority: "${authority}", path: "${path}", query: "${query}", fragment: "${fragment}"}`,
      );
    }
    if (!SCHEME.test(scheme)) throw new Error('[UriError]: Scheme contains illegal characters.');
    if (path === '') return;
    if (authority !== '' && !path.startsWith('/')) {
      throw new Error(
        '[UriError]: If a URI contains an authority component, then the path component must either be empty or begin with a slash ("/") character',
      );
    }
    if (authority === '' && path.startsWith('//')) {
      throw new Error(
        '[UriError]: If a URI does not contain an authority component, then the path cannot begin with two slash characters ("//")',
      );
    }
  }
}

function partsOf({ scheme, authority, path, query, fragment }: vscode.Uri): UriComponents {
  return { scheme, authority, path, query, fragment };
}

/** Paths of these schemes are absolute. */
function rooted(scheme: string, path: string): string {
  return ['file', 'http', 'https'].includes(scheme) && !path.startsWith('/') ? `/${path}` : path;
}

function formatAuthority(authority: string, encode: (text: string, safe: string) => string): string {
  const at = authority.indexOf('@');
  let text = '';
  if (at !== -1) {
    const user = authority.slice(0, at);
    const colon = user.lastIndexOf(':');
    text = colon === -1 ? encode(user, '') : `${encode(user.slice(0, colon), '')}:${encode(user.slice(colon + 1), '[]:')}`;
    text += '@';
  }
  const host = authority.slice(at + 1).toLowerCase();
  const colon = host.lastIndexOf(':');
  return text + (colon === -1 ? encode(host, '[]:') : encode(host.slice(0, colon), '[]:') + host.slice(colon));
}

function encodeAll(text: string, safe: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]+/g, (run) =>
    run
      .split(/([/[\]:])/)
      .map((part) => (part.length === 1 && safe.includes(part) ? part : encodeEverything(part)))
      .join(''),
  );
}

/** `encodeURIComponent` with the five characters it leaves alone. */
function encodeEverything(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodeMinimal(text: string): string {
  return text.replaceAll('#', '%23').replaceAll('?', '%3F');
}

/** Decodes what can be decoded; a broken sequence stays as it is. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9A-Za-z]{2})+/g, (run) => {
    for (let broken = 0; broken < run.length; broken += 3) {
      try {
        return run.slice(0, broken) + decodeURIComponent(run.slice(broken));
      } catch {
        // Leave one more sequence as it is.
      }
    }
    return run;
  });
}
