import type { RecordedStreams, Stream } from './streams';

/** One connection or run of a recording: its lanes. */
export interface Party {
  readonly of: Stream['of'];
  readonly id: string;
  readonly lanes: ReadonlyMap<Stream['lane'], Stream>;
}

/**
 * Finds who in the second recording is who in the first: of the same ID, else with exactly the same messages, else in
 * the order in which they came.
 */
export function matchParties(a: RecordedStreams, b: RecordedStreams): { readonly a: Party | undefined; readonly b: Party | undefined }[] {
  const left = parties(a);
  const right = parties(b);
  const partner = new Map<Party, Party>();
  const free = new Set(right);
  const pairBy = (nameOf: (party: Party) => string): void => {
    const waiting = new Map<string, Party[]>();
    for (const party of free) waiting.set(nameOf(party), [...(waiting.get(nameOf(party)) ?? []), party]);
    for (const party of left) {
      if (partner.has(party)) continue;
      const found = waiting.get(nameOf(party))?.shift();
      if (!found) continue;
      partner.set(party, found);
      free.delete(found);
    }
  };
  pairBy((party) => `${party.of} ${party.id}`);
  pairBy(signature);
  pairBy(({ of }) => of);
  return [...left.map((party) => ({ a: party, b: partner.get(party) })), ...Array.from(free, (party) => ({ a: undefined, b: party }))];
}

function parties({ streams }: RecordedStreams): Party[] {
  const found = new Map<string, { of: Stream['of']; id: string; lanes: Map<Stream['lane'], Stream> }>();
  for (const stream of streams.values()) {
    const name = `${stream.of} ${stream.id}`;
    const party = found.get(name) ?? { of: stream.of, id: stream.id, lanes: new Map<Stream['lane'], Stream>() };
    party.lanes.set(stream.lane, stream);
    found.set(name, party);
  }
  return [...found.values()];
}

function signature({ of, lanes }: Party): string {
  return `${of}\n${(['sent', 'received'] as const).map((lane) => lanes.get(lane)?.items.map(({ key }) => key).join('\n') ?? '').join('\n\n')}`;
}
