import { markdownTable } from '../../markdown-table';
import type { ComparedSide, Comparison, Difference } from './comparison';

const MOST_SHOWN = 200;
const LANES = { received: 'received', sent: 'sent', life: 'connection' } as const;

/**
 * A comparison as Markdown for people. What comes from recordings stands in code spans, so it cannot be anything but text.
 * @param names what the two recordings are called
 */
export function renderComparison(comparison: Comparison, names: { readonly a: string; readonly b: string }): string {
  const { counts, timing, differences, a, b } = comparison;
  const found = counts.missing + counts.extra + counts.reordered + counts.changed;
  const lines = [
    '# Comparison of two recordings',
    '',
    found === 0
      ? `**Equal** except for IDs and times: ${counts.equal === 1 ? 'the only message is' : `all ${counts.equal} messages are`} the same.`
      : `**Different**: ${parts([[counts.changed, 'changed'], [counts.missing, 'missing'], [counts.extra, 'extra'], [counts.reordered, 'in another order']])}; ${counts.equal} are the same.`,
    '',
    ...markdownTable([
      ['', 'A', 'B'],
      ['File', code(names.a), code(names.b)],
      ['Seen by', SEEN_BY[a.source], SEEN_BY[b.source]],
      ['Started', a.created, b.created],
      ['Lasted', seconds(a), seconds(b)],
      ['Frames', String(a.frames), String(b.frames)],
      ['Connections', String(a.connections), String(b.connections)],
      ['Runs', String(a.runs), String(b.runs)],
    ]),
    '',
    `IDs renamed consistently in B: ${comparison.renamedIds}.`,
  ];
  if (timing.frames > 0) lines.push(`Times of the frames in both, counted from the first, differ by ${ms(timing.medianMs)} (median), ${ms(timing.mostMs)} at most.`);
  if (!comparison.withRouting) lines.push('One of them was recorded at the client, where outcomes and associations are not seen; they were not compared.');
  lines.push('');
  if (found > 0) lines.push('## Differences', '', ...differences.slice(0, MOST_SHOWN).flatMap(describe));
  if (found > Math.min(differences.length, MOST_SHOWN)) lines.push('', `… and ${found - Math.min(differences.length, MOST_SHOWN)} more.`);
  return `${lines.join('\n').trimEnd()}\n`;
}

const SEEN_BY = { router: 'a router', tap: 'a tap', replay: 'a replay, at the client', har: 'a HAR file, at the client' } as const;
const KINDS = { missing: 'Missing in B', extra: 'Only in B', reordered: 'In another order', changed: 'Changed' } as const;

function describe({ kind, of, lane, type, a, b, fields }: Difference): string[] {
  const place = a ?? b;
  const where = place?.id === '' || place === undefined ? `no ${of}` : `${of} ${code(place.id)}`;
  const at = [a && `A ${at1(a)}`, b && `B ${at1(b)}`].filter((text) => text !== undefined).join(', ');
  return [
    `- **${KINDS[kind]}**: ${code(type)}, ${lane === 'life' ? where : `${LANES[lane]} by ${of === 'run' ? `agents for ${where}` : where}`} (${at})`,
    ...fields.map(({ path, a: left, b: right }) => `  - ${code(path)}: ${left === undefined ? 'not there' : code(left)} → ${right === undefined ? 'not there' : code(right)}`),
  ];
}

function at1({ seq, t }: { seq?: number; t: number }): string {
  return `${seq === undefined ? '' : `frame ${seq} `}at ${(t / 1000).toFixed(3)} s`;
}

function seconds({ durationMs }: ComparedSide): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}

function parts(list: readonly (readonly [number, string])[]): string {
  return list.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`).join(', ');
}

function ms(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
}

/** Inline code that its content cannot end (CommonMark 6.1), nor a table's cell. */
function code(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`).replaceAll('|', '∣');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || shown === '' ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
