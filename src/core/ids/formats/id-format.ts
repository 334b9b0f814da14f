import type { IdKind, IdWarning } from '../reading';
import type { SegmentValues, Template } from './template';

/** What a format found in an ID. */
export interface FormatMatch {
  /** The thread it routes to; undefined when the ID does not say. */
  readonly threadId?: string | undefined;
  readonly fields: SegmentValues;
  /** Warnings that only the format itself can give. */
  readonly warnings?: readonly IdWarning[];
  /** Instead of the format's own confidence, when this match is worth more or less. */
  readonly confidence?: number;
}

/** One row of the format table: all that is known about a format (DOMAIN 1, FIELD_GUIDE 1.2 to 1.6). */
export interface IdFormat {
  readonly name: string;
  readonly label: string;
  readonly kind: IdKind;
  /** When such IDs were minted, as `ParsedRunId.era`. */
  readonly era: string;
  /** Its form for people, e.g. `thread_{thread}_run_{ms}_{hex8}`. */
  readonly grammar: string;
  /** At least one, each read by this format. */
  readonly examples: readonly string[];
  /** How sure a match is, 0 to 1. */
  readonly confidence: number;
  /** What every such ID starts with; empty when it may start with anything. */
  readonly prefix: string;
  /** Characters beyond letters, digits, `_` and `-` that may stand in it: where a scan must not stop. */
  readonly literals: string;
  /** Whether a scan looks for it in running text: not for mere words, nor for what may begin with anything. */
  readonly scanned: boolean;
  read(text: string): FormatMatch | undefined;
  /** The ID with these parts, where the format can be built; undefined when they do not fit. */
  build?(values: SegmentValues): string | undefined;
}

/** A row as it is written down: a template, and how the thread follows from its segments. */
export interface TemplateRow {
  readonly name: string;
  readonly label: string;
  readonly kind: IdKind;
  readonly era: string;
  readonly template: Template;
  readonly examples: readonly string[];
  readonly confidence: number;
  /** The thread of a match; without it, IDs of this format do not say. */
  readonly thread?: (values: SegmentValues, text: string) => string | undefined;
  readonly warnings?: (values: SegmentValues, text: string) => readonly IdWarning[];
  /** False when a match of the template is no such ID after all. */
  readonly accepts?: (values: SegmentValues, text: string) => boolean;
  readonly confidenceOf?: (values: SegmentValues) => number;
}

/** Turns a written row into a format. */
export function templateFormat(row: TemplateRow): IdFormat {
  const { template, thread, warnings, accepts, confidenceOf, ...rest } = row;
  return {
    ...rest,
    grammar: template.text,
    prefix: template.prefix,
    literals: template.literals,
    scanned: template.prefix !== '' && template.names.length > 0,
    read(text) {
      const fields = template.parse(text);
      if (!fields || accepts?.(fields, text) === false) return undefined;
      return {
        fields,
        threadId: thread?.(fields, text),
        ...(warnings ? { warnings: warnings(fields, text) } : {}),
        ...(confidenceOf ? { confidence: confidenceOf(fields) } : {}),
      };
    },
    build: (values) => template.build(values),
  };
}
