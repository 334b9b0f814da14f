import { InspectionRequestError } from './inspection-request';

/** RFC 6455 section 7.4: whether an endpoint may put the code into a close frame. */
export function isSendableCloseCode(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999) || (code >= 1001 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006);
}

/** @throws {InspectionRequestError} for a code that may not be sent */
export function checkCloseCode(code: number): void {
  if (isSendableCloseCode(code)) return;
  throw new InspectionRequestError('bad_params', `disconnect: expected a close code that may be sent (1000, 1001-1003, 1007-1014, 3000-4999), received ${code}`);
}
