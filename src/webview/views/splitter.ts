import { h } from '../dom/element';
import { l10n } from '../l10n';

const MIN = 15;
const MAX = 85;
const STEP = 5;

/** The bar between list and details: dragged, or moved with the arrow keys. */
export class Splitter {
  readonly element: HTMLElement;
  private percent: number;

  constructor(
    private readonly container: HTMLElement,
    percent: number,
    private readonly moved: (percent: number) => void,
  ) {
    this.percent = percent;
    this.element = h('div', {
      class: 'splitter',
      role: 'separator',
      tabindex: 0,
      'aria-label': l10n.t('Size of the list'),
      'aria-valuemin': MIN,
      'aria-valuemax': MAX,
      onpointerdown: (event: PointerEvent) => this.element.setPointerCapture(event.pointerId),
      onpointermove: (event: PointerEvent) => this.drag(event),
      onkeydown: (event: KeyboardEvent) => this.key(event),
    });
    new ResizeObserver(() => this.apply()).observe(container);
    this.apply();
  }

  /** Whether list and details stand one above the other. */
  private get stacked(): boolean {
    return getComputedStyle(this.container).flexDirection === 'column';
  }

  private apply(): void {
    this.container.style.setProperty('--split', `${this.percent}%`);
    this.element.setAttribute('aria-valuenow', String(Math.round(this.percent)));
    this.element.setAttribute('aria-orientation', this.stacked ? 'horizontal' : 'vertical');
  }

  private set(percent: number): void {
    this.percent = Math.min(MAX, Math.max(MIN, percent));
    this.apply();
    this.moved(this.percent);
  }

  private drag(event: PointerEvent): void {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = this.container.getBoundingClientRect();
    this.set(this.stacked ? ((event.clientY - top) / height) * 100 : ((event.clientX - left) / width) * 100);
  }

  private key(event: KeyboardEvent): void {
    const back = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    if (!back && event.key !== 'ArrowRight' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.set(this.percent + (back ? -STEP : STEP));
  }
}
