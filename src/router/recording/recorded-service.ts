import type { InspectionService, ServiceRequest } from '../inspection/inspection-service';
import type { TrafficRecorder } from './traffic-recorder';

/** A service whose traffic can be recorded: a router's or a tap's. */
export class RecordedService implements InspectionService {
  /** @param service answers everything else */
  constructor(
    private readonly service: InspectionService,
    private readonly recorder: TrafficRecorder,
  ) {}

  answer(request: ServiceRequest): unknown {
    switch (request.method) {
      case 'startRecording':
        return this.recorder.start(request.params.file);
      case 'stopRecording':
        return this.recorder.stop();
      case 'saveJournal':
        return this.recorder.saveJournal(request.params.file);
      default:
        return this.service.answer(request);
    }
  }
}
