import type { CheckedRequest } from './inspection-request';

/** A question about what a session does not keep itself, which are its watches. */
export type ServiceRequest = Exclude<CheckedRequest, { readonly method: 'watch' | 'watchFrames' }>;

/** Answers what workbenches ask: a router, a tap, a recording. Sessions carry its answers over the inspection protocol. */
export interface InspectionService {
  /**
   * The result of a checked request, or a promise of it.
   * @throws {InspectionRequestError} with the reason `unsupported` for what this kind of service cannot do.
   */
  answer(request: ServiceRequest): unknown;
}
