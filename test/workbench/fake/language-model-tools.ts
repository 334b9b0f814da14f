import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Disposable } from './disposable';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { strict } from './strict';

/** `vscode.lm`, as far as tools go. Only declared tools can be registered, and only registered ones run. */
export class LanguageModelTools {
  private readonly registered = new Map<string, vscode.LanguageModelTool<object>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly manifest: Manifest,
  ) {}

  readonly api = strict('lm', {
    registerTool: (name: string, tool: vscode.LanguageModelTool<object>): vscode.Disposable => {
      if (!this.declared.some((known) => known.name === name)) throw new Error(`Tool "${name}" was not contributed.`);
      if (this.registered.has(name)) throw new Error(`Tool "${name}" already has an implementation.`);
      this.registered.set(name, tool);
      const entry = this.ledger.enter(`language model tool ${name}`);
      return new Disposable(() => {
        this.registered.delete(name);
        entry.dispose();
      });
    },
    invokeTool: async (
      name: string,
      options: vscode.LanguageModelToolInvocationOptions<object>,
      token: vscode.CancellationToken = new CancellationTokenSource().token,
    ) => {
      const tool = this.registered.get(name);
      if (!tool) throw new Error(`Tool ${name} was not contributed.`);
      return tool.invoke(options, token);
    },
  });

  /** What the user is asked or told before a tool runs. */
  async prepare(name: string, input: object): Promise<vscode.PreparedToolInvocation | undefined> {
    const tool = this.registered.get(name);
    if (!tool) throw new Error(`fake vscode: the tool ${name} is not registered`);
    return (await tool.prepareInvocation?.({ input }, new CancellationTokenSource().token)) ?? undefined;
  }

  private get declared() {
    return this.manifest.json.contributes?.languageModelTools ?? [];
  }
}
