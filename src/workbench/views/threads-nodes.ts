import type { ConnectionInfo, RunInfo, ThreadInfo } from '../../protocol/inspection';

export type ThreadsNode =
  | { readonly kind: 'thread'; readonly id: string; readonly thread: ThreadInfo }
  | { readonly kind: 'unassociated'; readonly id: 'unassociated'; readonly count: number }
  | { readonly kind: 'connection'; readonly id: string; readonly parent: string; readonly connection: ConnectionInfo }
  | { readonly kind: 'run'; readonly id: string; readonly parent: string; readonly run: RunInfo }
  | { readonly kind: 'more'; readonly id: string; readonly parent: string | undefined; readonly hidden: number };

/** Rows of one page. VS Code asks for the item of every child it is given, seen or not. */
export const THREADS_PER_PAGE = 200;
export const CHILDREN_PER_PAGE = 100;
export const RUNS_PER_THREAD = 5;
