import type { InspectionService, ServiceRequest } from '../inspection/inspection-service';
import type { Connection } from '../model/connection';
import type { TrafficRecorder } from './traffic-recorder';

/** A service whose traffic can be recorded: a router's or a tap's. */
export class RecordedService implements InspectionService {
  /**
   * @param service answers everything else
   * @param connections open ones, and those that closed not long ago
   */
  constructor(
    private readonly service: InspectionService,
    private readonly recorder: TrafficRecorder,
    private readonly connections: () => readonly Connection[],
  ) {}

  answer(request: ServiceRequest): unknown {
    switch (request.method) {
      case 'startRecording':
        return this.recorder.start(request.params.file);
      case 'stopRecording':
        return this.recorder.stop();
      case 'saveJournal':
        return this.recorder.saveJournal(request.params.file, this.connections());
      default:
        return this.service.answer(request);
    }
  }
}
