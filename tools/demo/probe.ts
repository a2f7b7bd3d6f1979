import type { PaymentMessage } from '../../src/contract';
import { protocolOf } from '../../src/processor/adapters/fraud-api-adapter';
import { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { FraudCheck, Telemetry } from '../../src/processor/core/ports';

/** Milliseconds for what surrounds the call. */
const MARGIN_MS = 1_000;

const SILENT: Telemetry = {
  count: () => undefined,
  fraudCheckLatency: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  trace: (_segment, work) => work(),
};

export interface ProbeSettings {
  readonly url: string;
  /** Module of the API's adapter, a file URL. */
  readonly adapter: string | undefined;
  /** Milliseconds that the call may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the fraud API once about a payment, as the function does. The API gets the payment again in the run, with the same idempotency key: it has to
 * answer that with the same decision anyway.
 * @returns a line for the user
 */
export async function probe(
  payment: PaymentMessage,
  { url, adapter, timeoutMs, signal }: ProbeSettings,
): Promise<string> {
  const api = new HttpFraudApi(
    { protocol: await protocolOf(url, adapter), timeoutMs, maxAttempts: 1 },
    { telemetry: SILENT, clock: { now: () => Date.now() }, random: Math.random },
  );
  const deadline = Date.now() + timeoutMs + MARGIN_MS;
  return describe(await api.check(payment, { deadline, lastReceive: true, signal }));
}

function describe(check: FraudCheck): string {
  switch (check.kind) {
    case 'decided':
      return `It can be read: ${check.answer.decision}, score ${check.answer.score}.`;
    case 'refused':
      return `It refuses the payment: HTTP ${check.httpStatus}.`;
    case 'unavailable':
      return `It is no decision: ${check.cause}. The run goes on, and repeats such calls as a deployed pipeline does.`;
  }
}
