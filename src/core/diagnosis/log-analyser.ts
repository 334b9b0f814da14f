import { clip } from '../clip';
import type { FormatTable } from '../ids/formats/format-table';
import { AssociationDetector } from './association-detector';
import { DeliveryDetector } from './delivery-detector';
import { type Detector, evidenceOf, type Scene } from './detector';
import type { Diagnosis, Evidence } from './diagnosis';
import { EmissionDetector } from './emission-detector';
import { Findings } from './findings';
import type { LiveState } from './live-state';
import { unwrapLine } from './log-container';
import { type LogMessage, numberOf } from './log-message';
import { recogniseUnwrapped } from './recognise-log-message';
import { ResolutionDetector } from './resolution-detector';
import { RoutingState } from './routing-state';
import { SymptomDetector } from './symptom-detector';
import { WireDetector } from './wire-detector';

/**
 * Diagnoses a log line by line, in bounded memory however long it is: feed every line with `add`, then ask `finish`.
 * The routing state is put together from the lines themselves, and conclusions from it are said to be inferred; what is
 * live now stands in for it while the lines tell of no connection.
 */
export class LogAnalyser {
  private readonly scene: Scene;
  private readonly detectors: readonly Detector[];
  private readonly symptoms: SymptomDetector;
  private readonly wire: WireDetector;
  private lastTime: number | undefined;

  /** @param table the formats that IDs are read by; default the built-in ones */
  constructor(live?: LiveState, table?: FormatTable) {
    this.scene = {
      state: new RoutingState(table),
      findings: new Findings(),
      inferred: true,
      ...(live === undefined ? {} : { live: RoutingState.fromLive(live, table) }),
    };
    // Delivery first: what a line means for those before it is judged before the line changes the state.
    this.detectors = [
      new DeliveryDetector(this.scene),
      new AssociationDetector(this.scene),
      new ResolutionDetector(this.scene),
      new EmissionDetector(this.scene),
    ];
    this.symptoms = new SymptomDetector(this.scene);
    this.wire = new WireDetector(this.scene);
  }

  /** Takes the next line; returns its message when it is one of the backend. `lineNumber` counts as the caller likes. */
  add(line: string, lineNumber?: number): LogMessage | undefined {
    const unwrapped = unwrapLine(line);
    const place = (offset: number, length: number): Evidence => ({
      ...(lineNumber === undefined ? {} : { line: lineNumber }),
      text: clip(line, 500),
      offset,
      length,
      ...(unwrapped.time === undefined ? {} : { time: unwrapped.time }),
    });
    if (unwrapped.wire !== undefined) {
      this.wire.observe(unwrapped.wire, place(0, line.length));
      return undefined;
    }
    const message = recogniseUnwrapped(line, unwrapped);
    if (message === undefined) {
      this.symptoms.observe(line, place);
      return undefined;
    }
    if (message.time !== undefined) this.lastTime = Math.max(this.lastTime ?? message.time, message.time);
    const sighting = { message, line: lineNumber, text: line };
    for (const detector of this.detectors) detector.observe(sighting);
    if (message.id === 'handler-count') this.symptoms.handlers(numberOf(message, 'n') ?? 0, evidenceOf(sighting));
    else if (message.id === 'unknown-message-type' && message.text.includes('switch_thread')) {
      const verdict = 'The server does not know switch_thread and only acknowledges it: the connection stays where it was.';
      this.scene.findings.add({ id: 'switch-thread-ignored', key: '', confidence: 0.9, verdict, received: 'switch_thread' }, evidenceOf(sighting));
    }
    if (!message.noise && (message.level !== 'DEBUG' || message.category === 'delivery') && message.category !== 'resolution') this.symptoms.observe(line, place);
    return message;
  }

  /** Occurrences that went uncounted because there were more than 2,000 different diagnoses. */
  get dropped(): number {
    return this.scene.findings.dropped;
  }

  /** What was found, the most explanatory first, noise last. */
  finish(): Diagnosis[] {
    for (const detector of this.detectors) detector.finish?.(this.lastTime);
    this.symptoms.finish();
    this.wire.finish();
    return this.scene.findings.diagnoses();
  }
}
