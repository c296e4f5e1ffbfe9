import type { BatchRoom } from '../../shared/payments/payment-store.ts';

/** A batch that takes all there is in a test. */
export const ampleRoom: BatchRoom = { transfers: 100, lines: 100, hasTime: () => true };
