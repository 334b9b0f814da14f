import type { MarkKind, TimelineLane } from './timeline-layout';

/** As in the style sheet. */
export const LANE_HEIGHT = 22;

const MARK = 4;
const WAIT_HEIGHT = 6;
const HATCH = 5;

export interface TimelineColors {
  readonly kinds: Readonly<Record<MarkKind, string>>;
  readonly line: string;
  readonly ring: string;
}

/** The colours of the theme. */
export function readColors(): TimelineColors {
  const style = getComputedStyle(document.documentElement);
  const color = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return style.color;
  };
  return {
    kinds: {
      delivered: color('charts-green', 'foreground'),
      queued: color('charts-yellow', 'foreground'),
      undeliverable: color('charts-red', 'errorForeground', 'foreground'),
      rejected: color('charts-purple', 'errorForeground', 'foreground'),
      client: color('charts-blue', 'foreground'),
    },
    line: color('contrastBorder', 'editorIndentGuide-background', 'panel-border', 'foreground'),
    ring: color('focusBorder', 'contrastActiveBorder', 'foreground'),
  };
}

/** Draws all lanes, one below the other. */
export function drawTimeline(canvas: HTMLCanvasElement, lanes: readonly TimelineLane[], { width, colors, selected }: { width: number; colors: TimelineColors; selected: number | undefined }): void {
  const scale = window.devicePixelRatio;
  const height = lanes.length * LANE_HEIGHT;
  const [pixelsWide, pixelsHigh] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  if (canvas.width !== pixelsWide) canvas.width = pixelsWide;
  if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  for (const [index, lane] of lanes.entries()) drawLane(context, lane, index * LANE_HEIGHT + LANE_HEIGHT / 2, width, colors, selected);
}

function drawLane(context: CanvasRenderingContext2D, lane: TimelineLane, y: number, width: number, colors: TimelineColors, selected: number | undefined): void {
  context.lineWidth = 1;
  context.strokeStyle = colors.line;
  context.globalAlpha = 0.6;
  line(context, 0, Math.floor(y) + 0.5, width, Math.floor(y) + 0.5);
  context.globalAlpha = 1;
  context.strokeStyle = colors.kinds.queued;
  for (const wait of lane.waits) drawWait(context, wait.from, Math.max(wait.from + 2, wait.to), wait.open, y);
  for (const mark of lane.marks) {
    context.strokeStyle = colors.kinds[mark.kind];
    context.fillStyle = colors.kinds[mark.kind];
    drawMark(context, mark.kind, mark.x, y);
    if (mark.seq !== selected) continue;
    context.strokeStyle = colors.ring;
    context.lineWidth = 2;
    context.strokeRect(mark.x - MARK - 3, y - MARK - 3, 2 * MARK + 6, 2 * MARK + 6);
  }
}

/** A hatched bar; one that still waits has no end. */
function drawWait(context: CanvasRenderingContext2D, from: number, to: number, open: boolean, y: number): void {
  const top = y - WAIT_HEIGHT / 2;
  context.lineWidth = 1;
  context.save();
  context.beginPath();
  context.rect(from, top, to - from, WAIT_HEIGHT);
  context.clip();
  for (let x = from - WAIT_HEIGHT; x < to; x += HATCH) line(context, x, top + WAIT_HEIGHT, x + WAIT_HEIGHT, top);
  context.restore();
  if (!open) context.strokeRect(from, top, to - from, WAIT_HEIGHT);
  else {
    line(context, from, top, to, top);
    line(context, from, top + WAIT_HEIGHT, to, top + WAIT_HEIGHT);
    line(context, from, top, from, top + WAIT_HEIGHT);
  }
}

/** As the marks of the style sheet: disc, square, cross, triangle, bar. */
function drawMark(context: CanvasRenderingContext2D, kind: MarkKind, x: number, y: number): void {
  context.lineWidth = 2;
  switch (kind) {
    case 'delivered':
      context.beginPath();
      context.arc(x, y, MARK, 0, 2 * Math.PI);
      context.fill();
      break;
    case 'queued':
      context.strokeRect(x - MARK + 0.5, y - MARK + 0.5, 2 * MARK - 1, 2 * MARK - 1);
      break;
    case 'undeliverable':
      line(context, x - MARK, y - MARK, x + MARK, y + MARK);
      line(context, x - MARK, y + MARK, x + MARK, y - MARK);
      break;
    case 'rejected':
      context.beginPath();
      context.moveTo(x, y - MARK - 1);
      context.lineTo(x + MARK + 1, y + MARK);
      context.lineTo(x - MARK - 1, y + MARK);
      context.closePath();
      context.fill();
      break;
    case 'client':
      line(context, x, y - MARK - 1, x, y + MARK + 1);
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
