import type { InspectionTransport } from '../../protocol/inspection';

/** A transport that only has to say what it hears; this keeps who listens. */
export abstract class TransportListeners implements InspectionTransport {
  private readonly ofText: ((text: string) => void)[] = [];
  private readonly ofInterruptions: ((reason: string) => void)[] = [];
  private readonly ofEnd: ((reason: string) => void)[] = [];

  abstract send(text: string): void;
  abstract close(): void;

  onText(listener: (text: string) => void): void {
    this.ofText.push(listener);
  }

  onInterrupted(listener: (reason: string) => void): void {
    this.ofInterruptions.push(listener);
  }

  onClosed(listener: (reason: string) => void): void {
    this.ofEnd.push(listener);
  }

  /** A text came. */
  protected heard(text: string): void {
    for (const listener of this.ofText) listener(text);
  }

  /** The connection is lost, and may be found again. */
  protected interrupted(reason: string): void {
    for (const listener of this.ofInterruptions) listener(reason);
  }

  /** Nothing more will come. */
  protected ended(reason: string): void {
    for (const listener of this.ofEnd) listener(reason);
  }
}
