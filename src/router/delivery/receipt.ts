import type { DeliveryReceipt } from '../../protocol/delivery';
import type { DeliveryInfo } from '../../protocol/inspection';

/** The receipt of a delivery (DESIGN 4.2). */
export function receiptOf(info: DeliveryInfo, requestId?: string | number): DeliveryReceipt {
  const { outcome, runId, threadId, connections, resolution, reason, expected, received, nearMisses } = info;
  return {
    type: 'delivery_receipt',
    ...(requestId === undefined ? {} : { request_id: requestId }),
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
