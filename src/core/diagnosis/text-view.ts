/** Text taken out of a line, with the way back: where each of its characters stands in the line. */
export interface TextView {
  readonly text: string;
  /** Offset in the original line of the character at `at`; `at` may be the end. */
  origin(at: number): number;
}

/** The line itself. */
export function plainView(text: string): TextView {
  return { text, origin: (at) => at };
}

/** Puts a view together from pieces of another one, in order. */
export class ViewBuilder {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly origins: number[] = [];
  private length = 0;

  constructor(private readonly parent: TextView) {}

  /** Appends `piece`, whose characters stand at `from` and after in the parent. */
  add(piece: string, from: number): void {
    if (piece === '') return;
    this.parts.push(piece);
    this.starts.push(this.length);
    this.origins.push(from);
    this.length += piece.length;
  }

  build(end: number): TextView {
    const { starts, origins, length, parent } = this;
    return {
      text: this.parts.join(''),
      origin(at) {
        if (at >= length) return parent.origin(end);
        let low = 0;
        let high = starts.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if ((starts[middle] ?? 0) <= at) low = middle;
          else high = middle - 1;
        }
        return parent.origin((origins[low] ?? 0) + at - (starts[low] ?? 0));
      },
    };
  }
}

const COLOURS = 'black|red|green|yellow|blue|magenta|cyan|white|bold|dim|level|normal|underline|italic';
const MARKS = new RegExp(
  // Escape sequences; the same with their ESC byte lost (at most a reset and colours); literal colour tags of loguru.
  `\\x1b\\[[0-9;]{0,20}[A-Za-z]|\\[(?:0|1|2|3|4|7|[34]\\d|9\\d|10\\d)(?:;\\d{1,3}){0,4}m|</?(?:light-)?(?:${COLOURS})>`,
  'g',
);

/** The view without colours, whether they are escape sequences, remains of them, or literal tags (FIELD_GUIDE 4.8). */
export function withoutColours(view: TextView): TextView {
  const { text } = view;
  if (!text.includes('[') && !text.includes('<')) return view;
  let builder: ViewBuilder | undefined;
  let done = 0;
  MARKS.lastIndex = 0;
  for (let mark = MARKS.exec(text); mark !== null; mark = MARKS.exec(text)) {
    builder ??= new ViewBuilder(view);
    builder.add(text.slice(done, mark.index), done);
    done = mark.index + mark[0].length;
  }
  if (builder === undefined) return view;
  builder.add(text.slice(done), done);
  return builder.build(text.length);
}

/** No message has more; bounds the work on hostile lines. */
const MOST_ARROWS = 1000;

/** The view with every `→`, and ` ? ` when `mangled`, written ` -> ` as in the shapes. */
export function withPlainArrows(view: TextView, mangled: boolean): TextView {
  const { text } = view;
  const arrows = mangled ? /→|\uFFFD{1,3}|(?<= )\?(?= )|â†’/g : /→/g;
  let builder: ViewBuilder | undefined;
  let done = 0;
  let left = MOST_ARROWS;
  for (let arrow = arrows.exec(text); arrow !== null && left > 0; arrow = arrows.exec(text), left--) {
    builder ??= new ViewBuilder(view);
    builder.add(text.slice(done, arrow.index), done);
    // Both characters stand where the arrow stands.
    builder.add('-', arrow.index);
    builder.add('>', arrow.index);
    done = arrow.index + arrow[0].length;
  }
  if (builder === undefined) return view;
  builder.add(text.slice(done), done);
  return builder.build(text.length);
}

/** The view with every run of blanks after the first word made one. */
export function withSingleBlanks(view: TextView): TextView {
  const { text } = view;
  const runs = /[ \t]{2,}/g;
  let builder: ViewBuilder | undefined;
  let done = 0;
  for (let run = runs.exec(text); run !== null; run = runs.exec(text)) {
    builder ??= new ViewBuilder(view);
    builder.add(text.slice(done, run.index + 1), done);
    done = run.index + run[0].length;
  }
  if (builder === undefined) return view;
  builder.add(text.slice(done), done);
  return builder.build(text.length);
}
