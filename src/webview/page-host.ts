import type { PageToHost } from '../protocol/traffic-panel';

/** What VS Code gives a page. */
export interface VsCodePage {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The page's side of the channel to its host. */
export type Post = (message: PageToHost) => void;
