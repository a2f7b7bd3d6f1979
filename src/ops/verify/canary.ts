import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { joined, shown, type ShownText } from '../../cli/escaped-text';
import {
  CANARY_ACCOUNT,
  FAILURES,
  type HistoryEntry,
  isDecided,
  isOutcome,
  type PaymentMessage,
  type PaymentRecord,
} from '../../contract';
import { AwsCallError } from '../aws-call';
import type { FormatOptions } from '../format';
import type { Services } from '../services';
import { table } from '../table';
import type { CheckResult, Finding } from './check';

/** Covers a cold start, and a receive of the payment with all its calls of the fraud API. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 1_000;

/** A step of the canary. */
interface CanaryStep {
  readonly step: string;
  /** RFC 3339: when it was sent by the clock of this machine, all else by that of the function. */
  readonly at: string;
}

export interface CanaryResult extends Pick<CheckResult, 'result' | 'findings'> {
  readonly transactionId: string;
  readonly steps: readonly CanaryStep[];
  /** The record, as far as the canary got. */
  readonly record?: PaymentRecord;
}

/** A payment that nobody can take for a real one. */
export function canaryPayment(): PaymentMessage {
  return {
    schema_version: 1,
    transaction_id: `canary-${randomUUID()}`,
    account_id: CANARY_ACCOUNT,
    amount: 1,
    currency: 'EUR',
    beneficiary_id: CANARY_ACCOUNT,
    requested_at: new Date().toISOString(),
    reference: 'Canary of payment-pipeline verify. Not a payment.',
  };
}

/** Sends the payment, and follows it to its outcome. @param signal ends it @param patienceMs how long an outcome may take */
export async function followCanary(
  payment: PaymentMessage,
  services: Services,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<CanaryResult> {
  const { transaction_id: transactionId } = payment;
  try {
    const producer = await services.producer();
    const sent = { step: 'sent', at: new Date().toISOString() }; // before the call: the function may be faster than its answer
    const [result] = await producer.send([payment]);
    if (result?.status !== 'accepted')
      return { transactionId, result: 'failed', steps: [], findings: [notSent(result?.reason ?? '')] };
    const record = await untilOutcome(transactionId, services.payments, patienceMs, signal);
    const steps = [sent, ...(record?.history ?? []).map(stepOf)];
    if (record !== undefined && isDecided(record))
      return { transactionId, result: 'passed', steps, record, findings: [] };
    const finding =
      record === undefined
        ? notReceived(patienceMs)
        : record.payment_status === 'FAILED'
          ? failed(record)
          : await undecided(record, patienceMs, services);
    return { transactionId, result: 'failed', steps, ...(record && { record }), findings: [finding] };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const finding = { found: error.message, whatToDo: `Then look at it with: payment ${transactionId}` };
    return { transactionId, result: 'unknown', steps: [], findings: [finding] };
  }
}

/** The canary's steps with their times, and its end. */
export function renderCanary(
  { transactionId, result, steps, record, findings }: CanaryResult,
  format: FormatOptions,
): ShownText {
  const { colours } = format;
  const [sent] = steps;
  const after = ({ at }: CanaryStep) => `${((Date.parse(at) - Date.parse(sent!.at)) / 1_000).toFixed(1)} s`;
  const decision =
    result === 'passed' && record !== undefined && isDecided(record)
      ? [shown`${colours.green('ok')}: the fraud API answered the payment processor: ${record.fraud.decision}.`]
      : [];
  return joined([
    colours.bold(`Canary ${transactionId} of the account ${CANARY_ACCOUNT}`),
    ...(steps.length === 0
      ? []
      : [
          table(
            ['Step', 'At', 'After'],
            steps.map((step) => [step.step, step.at, after(step)]),
            format,
          ),
        ]),
    ...decision,
    ...findings.map(({ found, whatToDo }) => shown`${colours.red('✘')} ${found} ${whatToDo}`),
  ]);
}

async function untilOutcome(
  transactionId: string,
  payments: Services['payments'],
  patienceMs: number,
  signal: AbortSignal,
): Promise<PaymentRecord | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const record = await payments.read(transactionId);
    if ((record !== undefined && isOutcome(record.payment_status)) || Date.now() >= deadline) return record;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

function stepOf({ status, at }: HistoryEntry): CanaryStep {
  return { step: status === 'PROCESSING' ? 'received' : `decided: ${status}`, at };
}

function notSent(reason: string): Finding {
  return { found: `The canary is not in the queue: ${reason}.`, whatToDo: 'Correct the reason, and verify again.' };
}

function notReceived(patienceMs: number): Finding {
  return {
    found: `The payment processor has not recorded the canary within ${seconds(patienceMs)}.`,
    whatToDo:
      'Look at the checks of the mapping, the functions and the roles, then into the log of the payment processor.',
  };
}

function failed({ transaction_id, failure_code, failure_message = '' }: PaymentRecord): Finding {
  const { meaning, nextStep } = failure_code === undefined ? { meaning: '', nextStep: '' } : FAILURES[failure_code];
  return {
    found: `The canary failed: ${failure_code ?? 'no failure code'}. ${failure_message} ${meaning}`,
    whatToDo: `${nextStep} At the end: discard --id=${transaction_id} --reason canary`,
  };
}

/** The processor itself tells what it meets: calls without a decision, or a payment that the canary waits behind. */
async function undecided(
  { transaction_id, attempts, parked_behind }: PaymentRecord,
  patienceMs: number,
  { functions, throughput }: Services,
): Promise<Finding> {
  if (parked_behind !== undefined)
    return {
      found: `The canary waits behind ${parked_behind}, a canary that failed.`,
      whatToDo: `discard --id=${parked_behind} --reason canary, and verify again.`,
    };
  const [processor] = await functions();
  const rates = processor?.metrics && (await throughput(processor.metrics));
  const errors =
    rates === undefined
      ? ''
      : ` It counts ${rates.fraud_check_errors} calls a minute of the fraud API without a decision.`;
  return {
    found: `The payment processor has received the canary (attempt ${attempts}), and has no decision after ${seconds(patienceMs)}.${errors}`,
    whatToDo: `Have the fraud API answer the payment processor: docs/how-to/connect-your-fraud-api.md. The canary is retried meanwhile: payment ${transaction_id}`,
  };
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1_000} s`;
}
