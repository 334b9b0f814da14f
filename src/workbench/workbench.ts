import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import type { DeliveryReceipt } from '../protocol/delivery';
import type { ThreadLensApi } from './api';
import { COMMANDS, registerCommands } from './commands';
import { ContextKey } from './context-key';
import { LazyDoctor } from './doctor/lazy-doctor';
import { VirtualDocuments } from './documents/virtual-documents';
import { IdFormats } from './formats/id-formats';
import { HOVER_SCHEMES, IdHoverProvider } from './hover/id-hover-provider';
import { decode, decodeIdCommand } from './ids/decode-id';
import { answerFor } from './live/live-answer';
import { LazyInsight } from './lazy-insight';
import type { Live, LiveState } from './live/live';
import { LiveModel } from './live/live-model';
import { ConnectionHints } from './links/connection-hints';
import { DecodeUriHandler } from './links/decode-uri-handler';
import { DocumentLinks, LINK_SELECTOR } from './links/document-links';
import { TerminalLinks } from './links/terminal-links';
import type { RouterActions } from './router/router-actions';
import { RouterController, type RouterState } from './router/router-controller';
import { isPort, isRouterAutoStarted } from './settings';
import { LazyScenarios } from './scenarios/lazy-scenarios';
import { showSource } from './sources/show-source';
import type { SourceKind } from './sources/source';
import { Sources } from './sources/sources';
import { SimulateDelivery } from './simulate/simulate-delivery';
import { SourceWatch } from './source/source-watch';
import { StatusBar } from './status-bar';
import { LazyTap } from './tap/lazy-tap';
import { TraceRun } from './trace/trace-run';
import { LazyRecordings } from './recording/lazy-recordings';
import { TrafficPanel } from './traffic/traffic-panel';
import { versionOf } from './version-of';
import { TreeActions } from './views/tree-actions';
import { DeliveriesView } from './views/deliveries-view';
import { ThreadListCommands } from './views/thread-list-commands';
import { ThreadsView } from './views/threads-view';
import type { VscodeApi } from './vscode-api';

export interface WorkbenchOptions {
  /** The router's bundle; default `dist/router.js` of the extension. */
  readonly routerFile?: string;
  /** The bundle of what is loaded at first use; default `dist/insight.js` of the extension. */
  readonly insightFile?: string;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/** The whole extension: builds every part once, wires it by hand, and disposes of it. */
export class Workbench implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly router: RouterController;
  private readonly tap: LazyTap;
  readonly api: ThreadLensApi;

  constructor(vscodeApi: VscodeApi, context: vscode.ExtensionContext, options: WorkbenchOptions = {}) {
    const log = this.own(vscodeApi.window.createOutputChannel('Thread Lens', { log: true }));
    const model = new LiveModel();
    const routerFile = options.routerFile ?? context.asAbsolutePath('dist/router.js');
    const sources = this.own(new Sources(vscodeApi, model, log));
    const router = this.own(new RouterController(vscodeApi, context, sources, log, routerFile));
    this.router = router;
    const insight = new LazyInsight(options.insightFile ?? context.asAbsolutePath('dist/insight.js'));
    const formats = this.own(new IdFormats(vscodeApi, insight, log));
    const scene = { api: vscodeApi, live: sources, model, formats, now: options.now ?? Date.now };
    const documents = this.own(new VirtualDocuments(vscodeApi));
    const doctor = this.own(new LazyDoctor(scene, insight));
    const showReceipt = async (receipt: DeliveryReceipt): Promise<void> => {
      const name = receipt.run_id ?? receipt.thread_id ?? 'event';
      await documents.show(`${vscodeApi.l10n.t('Receipt of {0}', name.slice(0, 60))}.json`, `${JSON.stringify(receipt, undefined, 2)}\n`);
    };
    const simulate = new SimulateDelivery(vscodeApi, model, sources, router, showReceipt, formats, insight);
    const threads = this.own(new ThreadsView(vscodeApi, model, sources));
    const deliveries = this.own(new DeliveriesView(vscodeApi, model, sources));
    this.own(new StatusBar(vscodeApi, model, router, sources));
    const traffic = this.own(new TrafficPanel(vscodeApi, context, model, sources, log, insight));
    const threadList = new ThreadListCommands(vscodeApi, threads);
    const routerActions = (): RouterActions => new (insight.load().RouterActions)(vscodeApi, router, sources);
    const trace = this.own(new TraceRun(vscodeApi, sources, model, documents, formats, insight));
    const treeActions = new TreeActions(vscodeApi, sources, simulate, documents, insight);
    const version = versionOf(context);
    const tap = this.own(new LazyTap({ api: vscodeApi, sources, log, state: context.workspaceState, version, routerFile }, insight));
    this.tap = tap;

    const recordings = this.own(
      new LazyRecordings(
        { api: vscodeApi, context, sources, router, model, documents, file: join(dirname(routerFile), 'recordings.js'), now: options.now ?? Date.now, openTraffic: () => traffic.open() },
        insight,
      ),
    );
    const attachParts = { api: vscodeApi, sources, secrets: context.secrets, state: context.workspaceState, log };
    const source = this.own(new SourceWatch(vscodeApi, insight, formats, log));

    const scenarios = this.own(new LazyScenarios(vscodeApi, context.extensionUri, routerFile, documents, insight));
    const selector = HOVER_SCHEMES.map((scheme) => ({ scheme }));
    this.own(vscodeApi.languages.registerHoverProvider(selector, new IdHoverProvider(scene, insight)));
    this.registerLinks(vscodeApi, formats, sources, model);
    this.own(
      registerCommands(vscodeApi, {
        [COMMANDS.routerStart]: (argument?: unknown) => router.start(readPort(argument)),
        [COMMANDS.routerStop]: () => router.stop(),
        [COMMANDS.routerRestart]: () => router.restart(),
        [COMMANDS.routerCopyUrl]: () => routerActions().copyUrl(),
        [COMMANDS.routerCopyToken]: () => routerActions().copyToken(),
        [COMMANDS.routerActions]: () => routerActions().pick(),
        [COMMANDS.routerBehaviours]: (argument?: unknown) => insight.load().chooseBehaviours(scene, argument),
        [COMMANDS.attach]: (argument?: unknown) => insight.load().attachCommand(attachParts, argument),
        [COMMANDS.detach]: (argument?: unknown) => insight.load().detachCommand(attachParts, argument),
        [COMMANDS.showSource]: (argument?: unknown) => showSource(vscodeApi, sources, argument),
        [COMMANDS.tapStart]: (argument?: unknown) => tap.call().controller.start(argument),
        [COMMANDS.tapStop]: () => tap.stop(),
        [COMMANDS.tapCopyUrl]: () => tap.call().controller.copyUrl(),
        [COMMANDS.breakpointAdd]: (argument?: unknown) => tap.call().actions.add(argument, treeActions.rowIds(argument)),
        [COMMANDS.breakpointRemove]: (argument?: unknown) => tap.call().actions.remove(argument),
        [COMMANDS.breakpointToggle]: (argument?: unknown, enabled?: unknown) => tap.call().actions.toggle(argument, enabled),
        [COMMANDS.heldRelease]: (argument?: unknown) => tap.call().actions.release(argument),
        [COMMANDS.heldEdit]: (argument?: unknown, text?: unknown) => tap.call().actions.edit(argument, text),
        [COMMANDS.heldDrop]: (argument?: unknown) => tap.call().actions.drop(argument),
        [COMMANDS.heldReleaseAll]: () => tap.call().actions.releaseAll(),
        [COMMANDS.decodeId]: (argument?: unknown) => decodeIdCommand(vscodeApi, argument, formats.table),
        [COMMANDS.explainRouting]: (argument?: unknown) =>
          insight.load().explainRouting(scene, documents, treeActions.idOf(argument) ?? argument),
        [COMMANDS.doctorRun]: (argument?: unknown) => doctor.call().run(argument),
        [COMMANDS.doctorClear]: () => doctor.clear(),
        [COMMANDS.registerMapping]: (argument?: unknown) => insight.load().registerMapping(scene, treeActions.rowIds(argument) ?? argument),
        [COMMANDS.simulateDelivery]: (argument?: unknown) => simulate.run(argument),
        [COMMANDS.traceRun]: (argument?: unknown, folders?: unknown) => trace.run(treeActions.idOf(argument) ?? argument, folders),
        [COMMANDS.generateRunId]: (argument?: unknown) => insight.load().generateRunIdCommand(vscodeApi, argument, formats.table),
        [COMMANDS.scanSource]: () => source.scanWorkspace(),
        [COMMANDS.openTraffic]: (argument?: unknown) => traffic.open(argument),
        [COMMANDS.showInTraffic]: (argument?: unknown) => traffic.open(treeActions.trafficFilter(argument)),
        [COMMANDS.recordStart]: (argument?: unknown) => recordings.call().start(argument),
        [COMMANDS.recordStop]: () => recordings.call().stop(),
        [COMMANDS.recordingOpen]: (argument?: unknown) => recordings.call().open(argument),
        [COMMANDS.recordingClose]: (argument?: unknown) => recordings.call().close(argument),
        [COMMANDS.recordingCompare]: (first?: unknown, others?: unknown) => recordings.call().compare(first, others),
        [COMMANDS.replay]: (argument?: unknown) => recordings.call().replay(argument),
        [COMMANDS.exportHar]: (argument?: unknown) => recordings.call().exportHar(argument),
        [COMMANDS.importHar]: (argument?: unknown) => recordings.call().importHar(argument),
        [COMMANDS.showLog]: () => log.show(),
        [COMMANDS.copyId]: (argument?: unknown) => treeActions.copyId(argument),
        [COMMANDS.disconnect]: (argument?: unknown) => treeActions.disconnect(argument),
        [COMMANDS.simulateHere]: (argument?: unknown) => treeActions.simulateHere(argument),
        [COMMANDS.filterThreads]: (argument?: unknown) => threadList.filter(argument),
        [COMMANDS.clearThreadsFilter]: () => threads.setFilter(''),
        [COMMANDS.sortThreads]: (argument?: unknown) => threadList.sort(argument),
        [COMMANDS.connectionDetails]: (argument?: unknown) => treeActions.connectionDetails(argument),
        [COMMANDS.revealThread]: (argument?: unknown) => threads.reveal(treeActions.threadOf(argument)),
        [COMMANDS.findInFiles]: (argument?: unknown) => treeActions.findInFiles(argument),
        [COMMANDS.toggleFailures]: () => deliveries.toggleFailures(),
        [COMMANDS.showMoreThreads]: (row?: unknown) => threads.showMore(row),
        [COMMANDS.redeliver]: (argument?: unknown) => treeActions.redeliver(argument),
        [COMMANDS.showReceipt]: (argument?: unknown) => treeActions.showReceipt(argument),
        [COMMANDS.scenarioRun]: (argument?: unknown) => scenarios.call().run(argument),
        [COMMANDS.scenarioRunFault]: (argument?: unknown) => scenarios.call().run(argument, 'fault'),
        [COMMANDS.scenarioRunFix]: (argument?: unknown) => scenarios.call().run(argument, 'fix'),
        [COMMANDS.scenarioOpen]: (argument?: unknown) => scenarios.call().open(argument),
        [COMMANDS.scenarioReport]: (argument?: unknown) => scenarios.call().showReport(argument),
        [COMMANDS.scenarioNew]: () => scenarios.call().create(),
        [COMMANDS.reproduce]: (argument?: unknown) => insight.load().reproduceLocally(scene, scenarios.call(), argument),
      }),
    );
    this.publishState(vscodeApi, router, sources);
    this.autoStart(vscodeApi, router);

    this.api = {
      decode: (text) => decode(text, formats.table),
      explain: async (runId) => (await answerFor(runId, sources)).answer,
      router: {
        get current() {
          const { state } = router;
          if (state.kind !== 'running') return undefined;
          const { url, clientUrl, port, token } = state;
          return { url, clientUrl, port, token };
        },
        start: () => router.start(),
        stop: () => router.stop(),
      },
    };
  }

  /** Ends the router and the tap, and waits until they are gone. */
  async stop(): Promise<void> {
    await Promise.all([this.router.stop(), this.tap.stop()]);
  }

  dispose(): void {
    for (const disposable of this.disposables.toReversed()) disposable.dispose();
    this.disposables.length = 0;
  }

  private own<T extends vscode.Disposable>(disposable: T): T {
    this.disposables.push(disposable);
    return disposable;
  }

  /** IDs become something to click, in terminals, logs and addresses, and show their connections. */
  private registerLinks(api: VscodeApi, formats: IdFormats, live: Live, model: LiveModel): void {
    const { languages, window } = api;
    const hints = this.own(new ConnectionHints(api, formats, model, live));
    this.own(window.registerTerminalLinkProvider(new TerminalLinks(api, formats)));
    this.own(window.registerUriHandler(new DecodeUriHandler(api, formats)));
    this.own(languages.registerDocumentLinkProvider(LINK_SELECTOR, new DocumentLinks(api, formats)));
    this.own(languages.registerInlayHintsProvider(HOVER_SCHEMES.map((scheme) => ({ scheme })), hints));
  }

  /** Keeps the `when` clauses of the manifest true. */
  private publishState(api: VscodeApi, router: RouterController, sources: Sources): void {
    const routerState = new ContextKey<RouterState['kind']>(api, 'threadLens.routerState');
    const shownState = new ContextKey<LiveState['kind']>(api, 'threadLens.shownState');
    const shownKind = new ContextKey<SourceKind | 'none'>(api, 'threadLens.shownKind');
    const readOnly = new ContextKey<boolean>(api, 'threadLens.shownReadOnly');
    const several = new ContextKey<boolean>(api, 'threadLens.severalSources');
    const hasAttached = new ContextKey<boolean>(api, 'threadLens.hasAttached');
    const hasThreads = new ContextKey<boolean>(api, 'threadLens.hasThreads');
    const publish = (): void => {
      routerState.set(router.state.kind);
      shownState.set(sources.state.kind);
      shownKind.set(sources.shown?.kind ?? 'none');
      readOnly.set(sources.shown?.readOnly ?? false);
      several.set(sources.all.length > 1);
      hasAttached.set(sources.all.some(({ kind }) => kind === 'attached' || kind === 'backend'));
    };
    publish();
    hasThreads.set(false);
    this.own(router.onDidChangeState(publish));
    this.own(sources.onDidChangeState(publish));
    this.own(sources.onDidChangeModel(() => hasThreads.set(sources.model.threads.size > 0)));
  }

  private autoStart(api: VscodeApi, router: RouterController): void {
    const startIfWanted = (): void => {
      if (api.workspace.isTrusted && isRouterAutoStarted(api)) void router.start();
    };
    this.own(api.workspace.onDidGrantWorkspaceTrust(startIfWanted));
    startIfWanted();
  }
}

function readPort(argument: unknown): { port?: number } {
  const port = (argument as { port?: unknown } | undefined)?.port;
  return isPort(port) ? { port } : {};
}
