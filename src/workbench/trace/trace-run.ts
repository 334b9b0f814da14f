import type * as vscode from 'vscode';
import type { IdFormats } from '../formats/id-formats';
import type { VirtualDocuments } from '../documents/virtual-documents';
import type { LazyInsight } from '../lazy-insight';
import type { LiveModel } from '../live/live-model';
import type { Live } from '../live/live';
import type { VscodeApi } from '../vscode-api';
import type { TraceDocuments } from './trace-documents';
import type { Trace } from './trace-entry';

/** What a trace needs of the workbench. */
export interface TraceParts {
  readonly api: VscodeApi;
  readonly live: Pick<Live, 'client'>;
  readonly model: LiveModel;
  /** How IDs are read. */
  readonly formats: Pick<IdFormats, 'table'>;
  readonly documents: () => TraceDocuments;
}

/** The command Trace Run. The engine is loaded, and links of traces are provided for, from its first use on. */
export class TraceRun implements vscode.Disposable {
  private shown: TraceDocuments | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly live: Live,
    private readonly model: LiveModel,
    private readonly documents: VirtualDocuments,
    private readonly formats: IdFormats,
    private readonly insight: LazyInsight,
  ) {}

  run(argument: unknown, folders: unknown): Promise<Trace | undefined> {
    const { api, live, model, formats } = this;
    const engine = this.insight.load();
    const documents = (): TraceDocuments => (this.shown ??= new engine.TraceDocuments(api, this.documents, engine.excerptFor(api)));
    return engine.traceCommand({ api, live, model, formats, documents }, argument, folders);
  }

  dispose(): void {
    this.shown?.dispose();
  }
}
