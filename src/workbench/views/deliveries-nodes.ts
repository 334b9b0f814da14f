import type { DeliveryInfo } from '../../protocol/inspection';

export type DeliveriesNode =
  | { readonly kind: 'delivery'; readonly id: string; readonly delivery: DeliveryInfo }
  | { readonly kind: 'fact'; readonly id: string; readonly parent: DeliveryInfo; readonly label: string; readonly value: string; readonly icon: string };
