import type { PaymentMessage } from '../contract';

/** Payments to send, from memory or as they come. */
export type Payments = Iterable<PaymentMessage> | AsyncIterable<PaymentMessage>;

type Read = { readonly payment: PaymentMessage } | { readonly failure: Error };

/**
 * Reads until the source ends or the signal is aborted, even if the source hangs. A failure of the source comes after the
 * payments that were read before it.
 */
export async function* readUntilAborted(
  payments: Payments,
  signal: AbortSignal | undefined,
): AsyncGenerator<Read, void, undefined> {
  const source = readAll(payments);
  try {
    for (let read = await next(source, signal); read !== undefined; read = await next(source, signal)) yield read;
  } finally {
    void source.return(); // not awaited, because the source may hang; it throws nothing
  }
}

async function* readAll(payments: Payments): AsyncGenerator<Read, void, undefined> {
  try {
    for await (const payment of payments) yield { payment };
  } catch (failure) {
    yield { failure: failure as Error };
  }
}

function next(
  source: AsyncGenerator<Read, void, undefined>,
  signal: AbortSignal | undefined,
): Promise<Read | undefined> {
  return new Promise((resolve) => {
    const stop = () => {
      resolve(undefined);
    };
    if (signal?.aborted === true) {
      stop();
      return;
    }
    signal?.addEventListener('abort', stop);
    void source.next().then(({ done, value }) => {
      signal?.removeEventListener('abort', stop);
      resolve(done === true ? undefined : value);
    });
  });
}
