import { contractProtocol } from '../../../src/processor/adapters/fraud-api-protocol';
import {
  type ApiKey,
  type CallLimits,
  type FraudApiSettings,
  HttpFraudApi,
} from '../../../src/processor/adapters/http-fraud-api';
import type { FraudCheck } from '../../../src/processor/core/ports';
import type { ScriptedServer } from '../scripted-server';
import { aPayment } from '../payments/payments';
import { RecordedTelemetry } from './telemetry';

/** The adapter as a batch uses it, without pauses between calls unless told. */
export class FraudApiBench {
  readonly telemetry = new RecordedTelemetry();
  readonly api: HttpFraudApi;

  constructor(server: ScriptedServer, settings: Partial<FraudApiSettings> = {}, random = () => 0, apiKey?: ApiKey) {
    const all = { protocol: contractProtocol(server.url), timeoutMs: 2_000, maxAttempts: 1, ...settings };
    this.api = new HttpFraudApi(all, { telemetry: this.telemetry, clock: { now: () => Date.now() }, random, apiKey });
  }

  check(transactionId = 'tx-1', limits: Partial<CallLimits> & { budgetMs?: number } = {}): Promise<FraudCheck> {
    const { budgetMs = 10_000, ...rest } = limits;
    const deadline = Date.now() + budgetMs;
    const signal = new AbortController().signal;
    return this.api.check(aPayment({ transaction_id: transactionId, reference: 'rent' }), {
      deadline,
      lastReceive: false,
      signal,
      ...rest,
    });
  }
}
