import { isSendableCloseCode } from '../../core/close-code';
import { InspectionRequestError } from './inspection-request';

/** @throws {InspectionRequestError} for a code that may not be sent */
export function checkCloseCode(code: number): void {
  if (isSendableCloseCode(code)) return;
  throw new InspectionRequestError('bad_params', `disconnect: expected a close code that may be sent (1000, 1001-1003, 1007-1014, 3000-4999), received ${code}`);
}
