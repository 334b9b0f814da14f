import type * as vscode from 'vscode';
import type { VscodeApi } from './vscode-api';

/** Every command of the extension; a test holds this table against package.json. */
export const COMMANDS = {
  routerStart: 'threadLens.router.start',
  routerStop: 'threadLens.router.stop',
  routerRestart: 'threadLens.router.restart',
  routerCopyUrl: 'threadLens.router.copyUrl',
  routerCopyToken: 'threadLens.router.copyToken',
  routerActions: 'threadLens.router.actions',
  attach: 'threadLens.attach',
  detach: 'threadLens.detach',
  showSource: 'threadLens.showSource',
  routerBehaviours: 'threadLens.router.behaviours',
  tapStart: 'threadLens.tap.start',
  tapStop: 'threadLens.tap.stop',
  tapCopyUrl: 'threadLens.tap.copyUrl',
  breakpointAdd: 'threadLens.tap.breakpoint.add',
  breakpointRemove: 'threadLens.tap.breakpoint.remove',
  breakpointToggle: 'threadLens.tap.breakpoint.toggle',
  heldRelease: 'threadLens.held.release',
  heldEdit: 'threadLens.held.edit',
  heldDrop: 'threadLens.held.drop',
  heldReleaseAll: 'threadLens.held.releaseAll',
  decodeId: 'threadLens.decodeId',
  explainRouting: 'threadLens.explainRouting',
  doctorRun: 'threadLens.doctor.run',
  doctorClear: 'threadLens.doctor.clear',
  registerMapping: 'threadLens.registerMapping',
  simulateDelivery: 'threadLens.simulateDelivery',
  traceRun: 'threadLens.traceRun',
  generateRunId: 'threadLens.generateRunId',
  openTraffic: 'threadLens.openTraffic',
  showInTraffic: 'threadLens.showInTraffic',
  recordStart: 'threadLens.record.start',
  recordStop: 'threadLens.record.stop',
  recordingOpen: 'threadLens.recording.open',
  recordingClose: 'threadLens.recording.close',
  recordingCompare: 'threadLens.recording.compare',
  replay: 'threadLens.replay',
  exportHar: 'threadLens.exportHar',
  importHar: 'threadLens.importHar',
  scanSource: 'threadLens.source.scanWorkspace',
  showLog: 'threadLens.showLog',
  copyId: 'threadLens.copyId',
  disconnect: 'threadLens.connection.disconnect',
  simulateHere: 'threadLens.thread.simulate',
  filterThreads: 'threadLens.threads.filter',
  clearThreadsFilter: 'threadLens.threads.clearFilter',
  sortThreads: 'threadLens.threads.sort',
  showMoreThreads: 'threadLens.threads.showMore',
  connectionDetails: 'threadLens.connection.details',
  revealThread: 'threadLens.thread.reveal',
  findInFiles: 'threadLens.findInFiles',
  toggleFailures: 'threadLens.deliveries.toggleFailures',
  redeliver: 'threadLens.delivery.redeliver',
  showReceipt: 'threadLens.delivery.receipt',
  scenarioRun: 'threadLens.scenario.run',
  scenarioRunFault: 'threadLens.scenario.runFault',
  scenarioRunFix: 'threadLens.scenario.runFix',
  scenarioOpen: 'threadLens.scenario.open',
  scenarioReport: 'threadLens.scenario.report',
  scenarioNew: 'threadLens.scenario.new',
  reproduce: 'threadLens.reproduce',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

export type CommandHandlers = Record<CommandId, (...args: never[]) => unknown>;

/** Registers all commands at once; the type of `handlers` makes sure that none is forgotten. */
export function registerCommands(api: VscodeApi, handlers: CommandHandlers): vscode.Disposable {
  return api.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) =>
      api.commands.registerCommand(id, handler as (...args: unknown[]) => unknown),
    ),
  );
}
