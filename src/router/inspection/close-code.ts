import { InspectionRequestError } from './inspection-request';

/**
 * RFC 6455 section 7.4: the codes that an endpoint may put into a close frame.
 * @throws {InspectionRequestError} for any other
 */
export function checkCloseCode(code: number): void {
  const sendable = code === 1000 || (code >= 3000 && code <= 4999) || (code >= 1001 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006);
  if (sendable) return;
  throw new InspectionRequestError('bad_params', `disconnect: expected a close code that may be sent (1000, 1001-1003, 1007-1014, 3000-4999), received ${code}`);
}
