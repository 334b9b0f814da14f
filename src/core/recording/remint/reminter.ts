import type { FormatTable } from '../../ids/formats/format-table';
import type { RecordingEntry } from '../recording';
import { IdPieces } from './id-pieces';
import { type IdTextOptions, replaceIdsInBody, replaceIdsInText, replaceIdsInUrl } from './id-text';

export interface RemintOptions {
  /** The same seed gives the same IDs. */
  readonly seed: string;
  /** Milliseconds that times in IDs move by; rounded to whole seconds. */
  readonly shiftMs: number;
  /** Formats of the workspace; default the built-in ones. */
  readonly table?: FormatTable | undefined;
}

/**
 * Gives every ID of a recording another one, everywhere the same: threads, runs, connections and users, in fields and
 * in bodies. Relations stay: a run of a thread names the new thread, times keep their distances. Words by which the
 * bridge judges an ID stay, so it decides as before. Take in all entries with `learn` before anything is replaced.
 */
export class Reminter {
  private readonly pieces: IdPieces;
  private readonly known = new Set<string>();
  private readonly assigned = new Map<string, string>();
  private readonly options: IdTextOptions;

  constructor({ seed, shiftMs, table }: RemintOptions) {
    this.pieces = new IdPieces(seed, shiftMs);
    this.options = { known: this.known, table };
  }

  /** Notes the IDs in an entry's fields: some look like nothing, and only the field tells what they are. */
  learn(entry: RecordingEntry): void {
    for (const id of idsOf(entry)) this.known.add(id);
  }

  /** The new ID of an old one. Bound, so that it can be passed on. */
  readonly id = (id: string): string => this.assigned.get(id) ?? this.pieces.replaceAll(id);

  /** Says what an old ID has become elsewhere, such as a connection that a server named anew. */
  assign(id: string, replacement: string): void {
    this.known.add(id);
    this.assigned.set(id, replacement);
  }

  /** A message body with its IDs replaced; the rest stays byte for byte. */
  body(text: string): string {
    return replaceIdsInBody(text, this.id, this.options);
  }

  entry<T extends RecordingEntry>(entry: T): T;
  entry(entry: RecordingEntry): RecordingEntry {
    switch (entry.kind) {
      case 'connection_opened':
        return {
          ...entry, connection: this.id(entry.connection), threads: entry.threads.map(this.id), ...this.optional('user', entry.user),
          ...(entry.url === undefined ? {} : { url: replaceIdsInUrl(entry.url, this.id, this.options) }),
          ...(entry.headers === undefined ? {} : { headers: Object.fromEntries(Object.entries(entry.headers).map(([name, value]) => [name, this.header(value)])) }),
        };
      case 'connection_closed':
        return { ...entry, connection: this.id(entry.connection), ...(entry.reason === undefined ? {} : { reason: replaceIdsInText(entry.reason, this.id, this.options) }) };
      case 'association':
        return { ...entry, connection: this.id(entry.connection), thread: this.id(entry.thread) };
      case 'frame':
        return {
          ...entry, ...this.optional('connection', entry.connection), ...this.optional('thread', entry.thread), ...this.optional('run', entry.run),
          ...(entry.skipped === undefined ? {} : { skipped: entry.skipped.map(this.id) }),
          ...(entry.misrouted === undefined ? {} : { misrouted: { expected: this.id(entry.misrouted.expected), received: replaceIdsInText(entry.misrouted.received, this.id, this.options) } }),
          ...(entry.text === undefined ? {} : { text: this.body(entry.text) }),
        };
      case 'delivery':
        return { ...entry, ...(entry.reason === undefined ? {} : { reason: replaceIdsInText(entry.reason, this.id, this.options) }) };
      case 'gap':
      case 'end':
        return entry;
    }
  }

  /** An ID as such, or an address or text with IDs in it. */
  private header(value: string): string {
    return this.known.has(value) ? this.id(value) : replaceIdsInUrl(value, this.id, this.options);
  }

  private optional(name: string, id: string | undefined): Record<string, string> {
    return id === undefined ? {} : { [name]: this.id(id) };
  }
}

/** Every ID in the fields of an entry. */
export function idsOf(entry: RecordingEntry): readonly string[] {
  switch (entry.kind) {
    case 'connection_opened':
      return [entry.connection, ...entry.threads, ...(entry.user === undefined ? [] : [entry.user])];
    case 'connection_closed':
      return [entry.connection];
    case 'association':
      return [entry.connection, entry.thread];
    case 'frame':
      return [entry.connection, entry.thread, entry.run].filter((id) => id !== undefined);
    case 'delivery':
    case 'gap':
    case 'end':
      return [];
  }
}
