/** VS Code's globs: `*`, `**`, `?`, `{a,b}`, `[a-z]`, `[!a]`; `*` and `?` stay within one part of the path. */
export function globToRegExp(glob: string): RegExp {
  return new RegExp(`^${translate(glob)}$`, 's');
}

function translate(glob: string): string {
  let source = '';
  for (let index = 0; index < glob.length; index += 1) {
    const rest = glob.slice(index);
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?';
      index += 2;
    } else if (rest.startsWith('/**') && rest.length === 3) {
      source += '(?:/.*)?';
      index += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      index += 1;
    } else if (rest.startsWith('*')) source += '[^/]*';
    else if (rest.startsWith('?')) source += '[^/]';
    else if (rest.startsWith('{') && rest.includes('}')) {
      const end = rest.indexOf('}');
      source += `(?:${rest.slice(1, end).split(',').map(translate).join('|')})`;
      index += end;
    } else if (rest.startsWith('[') && rest.includes(']')) {
      const end = rest.indexOf(']');
      source += `[${rest.slice(1, end).replace(/^!/, '^')}]`;
      index += end;
    } else source += rest.charAt(0).replace(/[$()*+.?[\\\]^{|}]/, String.raw`\$&`);
  }
  return source;
}
