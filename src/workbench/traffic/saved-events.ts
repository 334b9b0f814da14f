import type * as vscode from 'vscode';
import { isSavedEvent, type SavedEvent } from '../../protocol/traffic-panel';

const KEY = 'threadLens.savedEvents';
/** Kept at most; the oldest go first. */
const MOST = 100;

/** Events saved under a name, for this workspace. */
export class SavedEvents {
  constructor(private readonly memento: vscode.Memento) {}

  /** By name. */
  all(): readonly SavedEvent[] {
    return this.stored().toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** Saves an event; one of the same name is replaced. */
  async save(event: SavedEvent): Promise<void> {
    const others = this.stored().filter(({ name }) => name !== event.name);
    await this.memento.update(KEY, [...others, event].slice(-MOST));
  }

  async forget(name: string): Promise<void> {
    await this.memento.update(KEY, this.stored().filter((event) => event.name !== name));
  }

  /** In the order of saving. What an older version left and cannot be read is left out. */
  private stored(): readonly SavedEvent[] {
    const stored = this.memento.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter((event) => isSavedEvent(event)) : [];
  }
}
