import type { VscodeApi } from './vscode-api';

/** A `when` clause key that tells the editor only when its value really changes. */
export class ContextKey<T> {
  private value: T | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly name: string,
  ) {}

  set(value: T): void {
    if (value === this.value) return;
    this.value = value;
    void this.api.commands.executeCommand('setContext', this.name, value);
  }
}
