import './traffic.css';
import { isHostToPage } from '../protocol/traffic-panel';
import type { VsCodePage } from './page-host';
import { TrafficPage } from './views/traffic-page';

declare function acquireVsCodeApi(): VsCodePage;

const root = document.querySelector<HTMLElement>('#traffic');
if (root) {
  const page = new TrafficPage(root, acquireVsCodeApi());
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // Frames of this window only: the editor's own messages have other shapes and are none of ours.
    if (isHostToPage(data)) page.receive(data);
  });
  page.start();
}
