import { checkCloseCode } from './close-code';
import { InspectionRequestError } from './inspection-request';
import type { InspectionService, ServiceRequest } from './inspection-service';
import type { Inspector } from './inspector';

/** The router's answers to workbenches. */
export class RouterService implements InspectionService {
  constructor(private readonly inspector: Inspector) {}

  answer(request: ServiceRequest): unknown {
    const { inspector } = this;
    switch (request.method) {
      case 'resolve':
        return inspector.resolve(request.params.runId, request.params.dialect);
      case 'simulate':
        return inspector.simulate(request.params.event);
      case 'disconnect': {
        const { connectionId, code = 1000, reason } = request.params;
        checkCloseCode(code);
        return { disconnected: inspector.disconnect(connectionId, code, reason) };
      }
      case 'connection': {
        const details = inspector.connection(request.params.connectionId);
        if (!details) throw new InspectionRequestError('not_found', `expected the ID of an open or lately closed connection, received ${JSON.stringify(request.params.connectionId.slice(0, 100))}`);
        return details;
      }
      case 'frames':
        return inspector.frames(request.params);
      case 'frameBody':
        return inspector.frameBody(request.params.seq);
      case 'redeliver':
        return inspector.redeliver(request.params.seq);
      case 'registerRun':
        inspector.registerRun(request.params.runId, request.params.threadId, request.params.metadata);
        return { registered: true };
      case 'unregisterRun':
        return { removed: inspector.unregisterRun(request.params.runId) };
      case 'setDialect':
        inspector.setDialect(request.params.dialect);
        return { dialect: request.params.dialect };
      case 'setBehaviours':
        return { behaviours: inspector.setBehaviours(request.params.profile, request.params.behaviours) };
      case 'setFaults':
        return { faults: inspector.setFaults(request.params.faults) };
      default:
        throw new InspectionRequestError('unsupported', `${request.method}: a router does not answer this, a tap may`);
    }
  }
}
