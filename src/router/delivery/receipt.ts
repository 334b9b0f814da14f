import type { DeliveryReceipt } from '../../protocol/delivery';
import type { DeliveryInfo } from '../../protocol/inspection';

const BEGINNING = '{"type":"delivery_receipt"';

/** The receipt of a delivery (DESIGN 4.2), without `request_id`. */
export function receiptOf(info: DeliveryInfo): DeliveryReceipt {
  const { outcome, runId, threadId, connections, resolution, reason, expected, received, nearMisses } = info;
  return {
    type: 'delivery_receipt',
    outcome,
    ...(runId === undefined ? {} : { run_id: runId }),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    connections,
    ...(resolution === undefined ? {} : { resolution }),
    ...(reason === undefined ? {} : { reason }),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    ...(nearMisses === undefined || nearMisses.length === 0 ? {} : { near_misses: nearMisses }),
  };
}

/**
 * A receipt as JSON. `request_id` is the very text that came, because a number may be beyond what JavaScript keeps.
 * @param requestId JSON text; what is neither a string nor a number is not returned
 */
export function receiptText(receipt: DeliveryReceipt, requestId: string | undefined): string {
  const text = JSON.stringify(receipt);
  if (requestId === undefined || !/^["\d-]/.test(requestId)) return text;
  return `${BEGINNING},"request_id":${requestId}${text.slice(BEGINNING.length)}`;
}
