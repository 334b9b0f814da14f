/**
 * What passes between the workbench and a worker thread that works on recordings, so that large files do not hold up the
 * editor. The worker's `workerData` is a `TaskStart`; it tells its progress, and ends with one `done` or `failed`.
 */
export interface TaskStart {
  readonly kind: 'thread-lens-recording-task';
  /** Of the extension, for the files it writes. */
  readonly version: string;
  readonly task: RecordingTask;
}

/** When the steps of a replay are due: as recorded, so many times faster, or as soon as the one before is done. */
export type ReplayTiming = { readonly kind: 'original' } | { readonly kind: 'scaled'; readonly factor: number } | { readonly kind: 'none' };

/** Gives all IDs anew; the same seed gives the same ones. */
export interface RemintOption {
  readonly seed?: string | undefined;
}

/** Which side is played: agents send their events, clients connect and send, or both. */
export type ReplayedSide = 'agents' | 'clients' | 'both';

export interface ReplayTask {
  readonly task: 'replay';
  readonly file: string;
  /** A router's address, or where the clients of a backend connect. */
  readonly target: string;
  readonly token?: string;
  /** The user said that the target may be another machine. */
  readonly allowRemote?: boolean;
  readonly side: ReplayedSide;
  readonly timing: ReplayTiming;
  readonly remint?: RemintOption;
  /** New file for what came back, as seen by the target, which has to be one of our routers, or by the clients. */
  readonly record?: { readonly file: string; readonly by: 'target' | 'clients' };
}

/** Serves what clients got in a recording to clients that connect now. Runs until it is cancelled. */
export interface ServeTask {
  readonly task: 'serve';
  readonly file: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly timing: ReplayTiming;
  readonly remint?: RemintOption;
  readonly allowedOrigins: readonly string[];
}

export type RecordingTask =
  | { readonly task: 'compare'; readonly a: string; readonly b: string }
  | { readonly task: 'exportHar'; readonly from: string; readonly to: string }
  | { readonly task: 'importHar'; readonly from: string; readonly to: string }
  /** Speaks the inspection protocol over a file until it is cancelled. */
  | { readonly task: 'browse'; readonly file: string }
  | ReplayTask
  | ServeTask;

/** What became of a replay. */
export interface ReplayOutcome {
  readonly clients: number;
  readonly clientMessages: number;
  readonly agentEvents: number;
  readonly received: number;
  /** As many frames the clients got in the recording. */
  readonly expected: number;
  /** What the target said became of agent events, where it was asked. */
  readonly receipts: Readonly<Record<string, number>>;
  /** Frames whose bodies are not whole in the recording; they were not sent. */
  readonly incomplete: number;
  readonly durationMs: number;
  readonly seed?: string;
  readonly cancelled: boolean;
  /** What did not go as recorded, at most 20. */
  readonly problems: readonly string[];
}

/** The result of each task. */
export interface TaskResults {
  /** The comparison as Markdown, and whether there was a difference. */
  readonly compare: { readonly equal: boolean; readonly markdown: string; readonly counts: Readonly<Record<string, number>> };
  readonly exportHar: { readonly connections: number; readonly messages: number; readonly bytes: number };
  readonly importHar: { readonly connections: number; readonly messages: number; readonly skippedEntries: number; readonly skippedMessages: number };
  readonly browse: Record<string, never>;
  readonly replay: ReplayOutcome;
  readonly serve: Record<string, never>;
}

export type TaskToHost =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** A server listens. */
  | { readonly kind: 'listening'; readonly url: string; readonly clients: number }
  | { readonly kind: 'inspection'; readonly text: string }
  | { readonly kind: 'done'; readonly result: TaskResults[keyof TaskResults] }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export type HostToTask = { readonly kind: 'cancel' } | { readonly kind: 'inspection'; readonly text: string };
