/**
 * A WebAssembly module that checks JSON (RFC 8259) sixteen bytes at a time where it is strings (WebAssembly Core
 * Specification 2.0, section 5 for the encoding, vector instructions in 5.4.9). JavaScript looks at each byte, which is
 * most of what a large event costs the router.
 *
 * `skip(at, level, most)`: the value at `at` begins with a brace or a bracket; answers the offset after it, or -1 when
 * it is no JSON or nested deeper than `most`; `level` is how deep it lies itself. The memory holds one byte for each
 * level from offset 0 on, and sixteen zeros behind the text: a zero is nothing in JSON, so no loop has to look for the end.
 */
const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

type Code = readonly number[];

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
const constant = (value: number): Code => [0x41, ...signed(value)];
const block = (...body: Code[]): Code => [0x02, VOID, ...body.flat(), 0x0b];
const loop = (...body: Code[]): Code => [0x03, VOID, ...body.flat(), 0x0b];
const when = (...body: Code[]): Code => [0x04, VOID, ...body.flat(), 0x0b];
const branch = (depth: number): Code => [0x0c, depth];
const branchIf = (depth: number): Code => [0x0d, depth];
const RETURN: Code = [0x0f];
const SELECT: Code = [0x1b];
const IS_ZERO: Code = [0x45];
const EQUAL: Code = [0x46];
const NOT_EQUAL: Code = [0x47];
const LESS: Code = [0x49];
const GREATER: Code = [0x4b];
const TRAILING_ZEROS: Code = [0x68];
const PLUS: Code = [0x6a];
const MINUS: Code = [0x6b];
const OR: Code = [0x72];
const STORE_BYTE: Code = [0x3a, 0, 0];
const SPLAT_8: Code = [0xfd, 0x0f];
const EQUAL_8: Code = [0xfd, 0x23];
const LESS_8: Code = [0xfd, 0x26];
const OR_16: Code = [0xfd, 0x50];
const BITMASK_8: Code = [0xfd, 0x64];

// The locals of `skip`; the first three are its parameters.
const [AT, LEVEL, MOST, BASE, CHAR, IN_OBJECT, MASK, TEXT, QUOTES, SLASHES, SPACES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

const byteAt = (offset = 0): Code => [...get(AT), 0x2d, 0, offset];
const wordAt: Code = [...get(AT), 0x28, 0, 0];
const step = (bytes: number): Code => [...get(AT), ...constant(bytes), ...PLUS, ...set(AT)];
const charIs = (char: string): Code => [...get(CHAR), ...constant(char.charCodeAt(0)), ...EQUAL];
const FAIL: Code = [...constant(-1), ...RETURN];
const failIf = (...condition: Code[]): Code => [...condition.flat(), ...when(FAIL)];
const either = (...conditions: Code[]): Code => conditions.flatMap((condition, index) => (index === 0 ? condition : [...condition, ...OR]));
const isDigit = (...char: Code[]): Code => [...char.flat(), ...constant(0x30), ...MINUS, ...constant(10), ...LESS];

/** Steps over blanks (section 2); the byte after them is then in CHAR. */
const blanks = loop(
  [...byteAt(), ...tee(CHAR), ...constant(0x20), ...GREATER, ...IS_ZERO],
  when(
    [...either(charIs(' '), charIs('\n'), charIs('\r'), charIs('\t'))],
    when(step(1), branch(2)),
  ),
);

/** Steps over the digits there must be (section 6). */
const digits: Code = [...failIf(isDigit(byteAt()), IS_ZERO), ...loop(step(1), isDigit(byteAt()), branchIf(0))];

/** Steps over the rest of a string (section 7), whose first character is at AT. */
const restOfString = block(
  loop(
    [...get(AT), 0xfd, 0x00, 0x00, 0x00, ...set(TEXT)],
    [...get(TEXT), ...get(QUOTES), ...EQUAL_8, ...get(TEXT), ...get(SLASHES), ...EQUAL_8, ...OR_16],
    [...get(TEXT), ...get(SPACES), ...LESS_8, ...OR_16, ...BITMASK_8, ...tee(MASK), ...IS_ZERO],
    when(step(16), branch(1)),
    [...get(AT), ...get(MASK), ...TRAILING_ZEROS, ...PLUS, ...set(AT)],
    [...byteAt(), ...set(CHAR)],
    step(1),
    [...charIs('"'), ...branchIf(1)],
    failIf(charIs('\\'), IS_ZERO),
    [...byteAt(), ...set(CHAR)],
    step(1),
    charIs('u'),
    when(
      ...[0, 1, 2, 3].map((digit) => [
        ...byteAt(digit), ...set(CHAR),
        // A letter in either case, or a digit.
        ...failIf(either(isDigit(get(CHAR)), [...get(CHAR), ...constant(0x20), ...OR, ...constant(0x61), ...MINUS, ...constant(6), ...LESS]), IS_ZERO),
      ]),
      step(4),
      branch(1),
    ),
    failIf(either(...Array.from('"\\/bfnrt', charIs)), IS_ZERO),
    branch(0),
  ),
);

/** Steps over the key of a member and its colon (section 4); its first byte is in CHAR. */
const key: Code = [...failIf(charIs('"'), IS_ZERO), ...step(1), ...restOfString, ...blanks, ...failIf(charIs(':'), IS_ZERO), ...step(1), ...blanks];

const wordIs = (text: string): Code => [...wordAt, ...constant(Buffer.from(text).readInt32LE()), ...EQUAL];

/** Steps over a number (section 6) or one of the three words (section 3); its first byte is in CHAR. */
const scalar = block(
  [...charIs('t'), ...when(failIf(wordIs('true'), IS_ZERO), step(4), branch(1))],
  [...charIs('n'), ...when(failIf(wordIs('null'), IS_ZERO), step(4), branch(1))],
  [...charIs('f'), ...when(failIf(wordIs('fals'), IS_ZERO), failIf(byteAt(4), constant(0x65), NOT_EQUAL), step(5), branch(1))],
  [...charIs('-'), ...when(step(1), byteAt(), set(CHAR))],
  // A leading zero stands alone.
  block(
    [...charIs('0'), ...when(step(1), branch(1))],
    digits,
  ),
  [...byteAt(), ...constant(0x2e), ...EQUAL, ...when(step(1), digits)],
  [...byteAt(), ...constant(0x20), ...OR, ...constant(0x65), ...EQUAL],
  when(
    step(1),
    [...byteAt(), ...set(CHAR)],
    [...either(charIs('+'), charIs('-')), ...when(step(1))],
    digits,
  ),
);

const skip = code(
  [[4, I32], [4, V128]],
  [...constant(0x22), ...SPLAT_8, ...set(QUOTES), ...constant(0x5c), ...SPLAT_8, ...set(SLASHES), ...constant(0x20), ...SPLAT_8, ...set(SPACES)],
  [...get(LEVEL), ...set(BASE)],
  [...byteAt(), ...set(CHAR)],
  // Each round begins at a value, whose first byte is in CHAR.
  loop(
    block(
      [...charIs('"'), ...when(step(1), restOfString, branch(1))],
      [...get(CHAR), ...constant(0x20), ...OR, ...constant(0x7b), ...EQUAL],
      when(
        failIf(get(LEVEL), constant(1), PLUS, tee(LEVEL), get(MOST), GREATER),
        [...get(LEVEL), ...charIs('{'), ...tee(IN_OBJECT), ...STORE_BYTE],
        step(1),
        blanks,
        // An empty one ends at its closing bracket.
        [...get(CHAR), ...closing(), ...EQUAL, ...branchIf(1)],
        [...get(IN_OBJECT), ...when(key)],
        branch(2),
      ),
      scalar,
    ),
    // A value has ended, and each round here ends what it was the last of.
    loop(
      [...get(LEVEL), ...get(BASE), ...EQUAL, ...when(get(AT), RETURN)],
      blanks,
      charIs(','),
      when(
        step(1),
        blanks,
        [...get(IN_OBJECT), ...when(key)],
        branch(2),
      ),
      failIf(get(CHAR), closing(), NOT_EQUAL),
      step(1),
      [...get(LEVEL), ...constant(1), ...MINUS, ...tee(LEVEL), 0x2d, 0, 0, ...set(IN_OBJECT)],
      branch(0),
    ),
  ),
  constant(-1),
);

/** What ends the object or array that AT is in. */
function closing(): Code {
  return [...constant(0x7d), ...constant(0x5d), ...get(IN_OBJECT), ...SELECT];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

/** Unsigned LEB128 (section 5.2.2). */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 (section 5.2.2). */
function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

function section(id: number, body: Code): Code {
  return [id, ...unsigned(body.length), ...body];
}

function code(locals: readonly Code[], ...body: Code[]): Code {
  const bytes = [...vector(locals), ...body.flat(), 0x0b];
  return [...unsigned(bytes.length), ...bytes];
}

function name(text: string): Code {
  return vector([...Buffer.from(text)].map((byte) => [byte]));
}

/** The module; it imports its memory as `m.m` and exports `skip`. */
export function jsonModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([[0x60, ...vector([[I32], [I32], [I32]]), 1, I32]])),
    ...section(2, vector([[...name('m'), ...name('m'), 2, 0, 1]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name('skip'), 0, 0]])),
    ...section(10, vector([skip])),
  ]);
}
