/** Bytes on one line. */
const WIDTH = 16;

/**
 * A hex dump, one line for 16 bytes: offset, bytes, the printable ASCII among them.
 * @param most lines at most; what is left out is for the caller to say
 */
export function hexLines(bytes: Uint8Array, most = Infinity): string[] {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length && lines.length < most; offset += WIDTH) {
    const line = bytes.subarray(offset, offset + WIDTH);
    let hex = '';
    let ascii = '';
    for (let index = 0; index < WIDTH; index++) {
      if (index === WIDTH / 2) hex += ' ';
      const byte = line[index];
      hex += byte === undefined ? '   ' : `${byte.toString(16).padStart(2, '0')} `;
      if (byte !== undefined) ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
    }
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex} ${ascii}`);
  }
  return lines;
}
