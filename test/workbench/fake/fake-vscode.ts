import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { ROOT } from '../../harness/repository';
import { Answers } from './answers';
import { CancellationTokenSource } from './cancellation';
import { CodeAction, CodeActionKind } from './code-action';
import { Commands } from './commands';
import { Configuration } from './configuration';
import { Disposable } from './disposable';
import { Documents } from './documents';
import { Editors } from './editors';
import { enums } from './enums';
import { Environment, type EnvironmentOptions } from './environment';
import { eventEmitterClass } from './event-emitter';
import { createContext } from './extension-context';
import { Extensions } from './extensions';
import { FileWatchers } from './file-watchers';
import { FileSystemError } from './file-system';
import { Inputs } from './inputs';
import { LanguageModelTools } from './language-model-tools';
import { Languages } from './languages';
import { describeError, Ledger } from './ledger';
import { Localisation } from './localisation';
import { Manifest } from './manifest';
import { MarkdownString } from './markdown-string';
import { Messages } from './messages';
import { OutputChannels } from './output-channels';
import { Position } from './position';
import { Progresses } from './progress';
import { Location, Range, Selection } from './range';
import { SnippetString } from './snippet-string';
import { StatusBar } from './status-bar';
import { Storage } from './storage';
import { strict } from './strict';
import { CustomExecution, Task, Tasks } from './tasks';
import { TerminalLinks } from './terminal-links';
import { TextEdit, WorkspaceEdit } from './text-edit';
import { Trees } from './trees';
import { Trust } from './trust';
import { Uri } from './uri';
import { UriHandlers } from './uri-handlers';
import * as values from './values';
import { Webviews } from './webviews';
import { createWindowApi } from './window-api';
import { createWorkspaceApi } from './workspace-api';
import { WorkspaceFolders } from './workspace-folders';

export interface FakeVscodeOptions extends EnvironmentOptions {
  /** Folder of the extension; default this repository. */
  readonly extensionPath?: string;
  /** Folders of the open workspace; none by default. */
  readonly workspaceFolders?: readonly string[];
  /** Whether the workspace is trusted from the start; default true. */
  readonly trusted?: boolean;
  /** User settings, set before the extension starts. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings that are not the extension's, with their defaults. */
  readonly otherSettings?: Readonly<Record<string, unknown>>;
  /** Translations by key. */
  readonly l10nBundle?: Readonly<Record<string, string>>;
  /** What an earlier window left behind (`FakeVscode.storage`). */
  readonly storage?: Storage;
  /** Level of log channels; default Trace. */
  readonly logLevel?: vscode.LogLevel;
}

/**
 * VS Code in plain Node: the API an extension gets, and the hands and eyes of a user for tests.
 *
 * ```ts
 * const fake = createFakeVscode({ settings: { 'threadLens.router.port': 0 } });
 * const workbench = new Workbench(fake.api, fake.context);
 * fake.context.subscriptions.push(workbench);
 *
 * await fake.commands.run('threadLens.router.start');                 // rejects as VS Code does
 * assert.equal(fake.commands.contextKeys.get('threadLens.routerState'), 'running');
 * await fake.trees.treeText('threadLens.threads', { expand: 'all' }); // opens the view, waits for refreshes
 * await fake.trees.click('threadLens.threads', 'Show more');          // rows by ID or label
 * const document = await fake.documents.open({ content: 'a line', language: 'log' });
 * await fake.languages.hoverText(document, new fake.api.Position(0, 3));
 * await fake.editors.show(document); fake.editors.select(0, 3);
 * fake.messages.answer('Restart');                                    // the button to be clicked next
 * fake.inputs.pick('Composite'); fake.inputs.type('thread_1');        // answers to inputs, in order
 * fake.messages.texts; fake.statusBar.text; fake.output.log('Thread Lens'); fake.environment.clipboard;
 * fake.configuration.set('threadLens.hover.enabled', false);
 *
 * await workbench.stop();
 * await fake.dispose();   // fails when something is left registered, a listener threw, an answer was not asked for
 * ```
 *
 * What is not faked throws `fake vscode: window.xyz is not faked`.
 */
export class FakeVscode {
  readonly ledger = new Ledger();
  readonly storage: Storage;
  readonly manifest: Manifest;
  readonly trust: Trust;
  readonly workspaceFolders: WorkspaceFolders;
  readonly configuration: Configuration;
  readonly commands: Commands;
  readonly trees: Trees;
  readonly messages: Messages;
  readonly inputs: Inputs;
  readonly progress = new Progresses();
  readonly statusBar: StatusBar;
  readonly output: OutputChannels;
  readonly documents: Documents;
  readonly editors: Editors;
  readonly languages: Languages;
  readonly environment: Environment;
  readonly l10n: Localisation;
  readonly extensions: Extensions;
  readonly terminalLinks: TerminalLinks;
  readonly uriHandlers: UriHandlers;
  readonly webviews: Webviews;
  readonly fileWatchers: FileWatchers;
  readonly tools: LanguageModelTools;
  readonly tasks: Tasks;
  readonly context: vscode.ExtensionContext;
  /** The module an extension imports as `vscode`. */
  readonly api: typeof vscode;
  /** Where the extension may write. As in VS Code, it must make the folders itself. */
  private readonly scratch = join(tmpdir(), `fake-vscode-${randomUUID()}`);
  private readonly answers = new Answers(this.ledger);

  constructor(options: FakeVscodeOptions = {}) {
    const { ledger, answers } = this;
    this.storage = options.storage ?? new Storage();
    this.manifest = new Manifest(options.extensionPath ?? ROOT);
    this.trust = new Trust(ledger, options.trusted ?? true);
    const folders = options.workspaceFolders ?? [];
    this.workspaceFolders = new WorkspaceFolders(ledger, folders);
    this.configuration = new Configuration(ledger, this.manifest, this.trust, {
      otherSettings: options.otherSettings ?? {},
      hasWorkspace: folders.length > 0,
    });
    for (const [key, value] of Object.entries(options.settings ?? {})) this.configuration.set(key, value);
    this.commands = new Commands(ledger);
    this.trees = new Trees(ledger, this.manifest, this.commands);
    this.messages = new Messages(answers);
    this.inputs = new Inputs(answers);
    this.statusBar = new StatusBar(ledger, this.commands);
    this.output = new OutputChannels(ledger, options.logLevel ?? enums.LogLevel.Trace);
    this.documents = new Documents(ledger, this.manifest);
    this.editors = new Editors(ledger, this.documents);
    this.languages = new Languages(ledger);
    this.environment = new Environment(ledger, options);
    this.l10n = new Localisation(options.l10nBundle);
    this.extensions = new Extensions(ledger, this.manifest);
    this.terminalLinks = new TerminalLinks(ledger);
    this.uriHandlers = new UriHandlers(ledger, this.manifest.extensionId);
    this.webviews = new Webviews(ledger, this.manifest);
    this.fileWatchers = new FileWatchers(ledger);
    this.tools = new LanguageModelTools(ledger, this.manifest);
    this.tasks = new Tasks(ledger, this.manifest);
    this.context = createContext(ledger, this.manifest, this.extensions.own, this.storage, this.scratch, folders.length > 0);
    this.addBuiltInCommands();
    this.api = this.createApi();
  }

  /** Grants trust to the workspace, as its user does. */
  grantTrust(): void {
    if (this.trust.isTrusted) return;
    this.trust.isTrusted = true;
    this.configuration.applyTrust();
    this.trust.granted.fire();
  }

  /**
   * Ends the window: disposes of the context's subscriptions in their order, as VS Code does.
   * @throws AssertionError naming what is still registered and what went wrong unseen.
   */
  async dispose(): Promise<void> {
    for (const subscription of this.context.subscriptions.splice(0)) {
      try {
        await subscription.dispose();
      } catch (error) {
        this.ledger.problem(`a subscription threw ${describeError(error)} when disposed of`);
      }
    }
    rmSync(this.scratch, { recursive: true, force: true });
    const left = this.ledger.left().map((what) => `still registered: ${what}`);
    const unused = [...this.messages.unused(), ...this.answers.unused(), ...this.trees.unseenFailures()];
    const problems = [...this.ledger.problems.splice(0), ...unused, ...left];
    assert.deepEqual(problems, [], `at the end of the window:\n${problems.join('\n')}`);
  }

  private addBuiltInCommands(): void {
    this.commands.addBuiltIn('vscode.open', (uri: vscode.Uri, options?: vscode.TextDocumentShowOptions) =>
      uri.scheme === 'http' || uri.scheme === 'https' ? void this.environment.openedExternally.push(uri) : this.editors.show(uri, options),
    );
    this.commands.addBuiltIn('workbench.action.openSettings', () => undefined);
    this.commands.addBuiltIn('workbench.trust.manage', () => undefined);
    this.commands.addBuiltIn('vscode.executeHoverProvider', async (uri: vscode.Uri, position: vscode.Position) =>
      this.languages.hover(await this.documents.open(uri), position),
    );
  }

  private createApi(): typeof vscode {
    const api = {
      version: '1.101.0',
      ...enums,
      ...values,
      CancellationTokenSource,
      CodeAction,
      CodeActionKind,
      CustomExecution,
      Disposable,
      FileSystemError,
      EventEmitter: eventEmitterClass(this.ledger),
      Location,
      MarkdownString,
      Position,
      Range,
      Selection,
      SnippetString,
      Task,
      TextEdit,
      Uri,
      WorkspaceEdit,
      commands: this.commands.api,
      env: this.environment.api,
      l10n: this.l10n.api,
      languages: this.languages.api,
      extensions: this.extensions.api,
      lm: this.tools.api,
      tasks: this.tasks.api,
      window: createWindowApi(this),
      workspace: createWorkspaceApi(this),
    };
    return strict('', api) as unknown as typeof vscode;
  }
}

export function createFakeVscode(options: FakeVscodeOptions = {}): FakeVscode {
  return new FakeVscode(options);
}
