import type { BatchUsage } from './usage';

/** Milliseconds of a call of the table: "single-digit millisecond", https://aws.amazon.com/dynamodb/features/ */
const TABLE_LATENCY_MS = 5;

/** Megabytes of memory that have one vCPU; less has a part of it: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MB_PER_VCPU = 1_769;

/** Milliseconds that a payment waits for the fraud API and the table. */
export function waitingMs(batch: BatchUsage, fraudLatencyMs: number): number {
  return fraudLatencyMs + (TABLE_LATENCY_MS * batch.table_calls) / batch.payments;
}

/** Milliseconds of processor time that a payment of the batch takes in a function with this memory. */
export function processorMs(batch: BatchUsage, memoryMb: number): number {
  return (batch.cpu_ms / batch.payments) * Math.max(1, MB_PER_VCPU / memoryMb);
}

/** Milliseconds of a batch: its accounts wait at the same time, and share the function's processor. */
export function batchMs(batch: BatchUsage, fraudLatencyMs: number, memoryMb: number): number {
  return waitingMs(batch, fraudLatencyMs) + batch.payments * processorMs(batch, memoryMb);
}
