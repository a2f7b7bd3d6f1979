import type { Tracer } from '@aws-lambda-powertools/tracer';

/** Runs work as a segment of the trace. An error only flags the segment: its message is not the trace's to show. */
export function traced<T>({ provider }: Tracer, segment: string, work: () => Promise<T>): Promise<T> {
  return provider.captureAsyncFunc(`## ${segment}`, async (subsegment) => {
    try {
      return await work();
    } catch (error) {
      subsegment?.addErrorFlag();
      throw error;
    } finally {
      subsegment?.close();
    }
  }) as Promise<T>;
}
