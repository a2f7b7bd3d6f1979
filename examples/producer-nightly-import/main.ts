import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, S3Event } from 'aws-lambda';
import { type PaymentMessage, PaymentProducer } from 'cdktf-payment-pipeline/producer';
import { readPaymentFile } from './payment-file';

/** Milliseconds before the function's timeout at which the import stops: calls in progress may take 10 s, and the report follows. */
const RESERVE_MS = 30_000;
/** Lines that a report names. It counts all. */
const LISTED_LINES = 1_000;
/** Codes of payments that are valid, and that another run may send. All other payments have to be corrected. */
const UNSENT: ReadonlySet<string> = new Set(['SEND_FAILED', 'BLOCKED_BY', 'ANSWER_LOST', 'ABORTED']);

/** What became of a file. Holds no payment. */
interface Report {
  accepted: number;
  invalid: number;
  unsent: number;
  readonly lines: { readonly line: number; readonly code: string; readonly reason: string }[];
}

const s3 = new S3Client();
const producer = new PaymentProducer(new SQSClient({ maxAttempts: 1 }), process.env.PAYMENT_QUEUE_URL ?? '');

/** Imports the files of an event. @throws Error if payments of a file are unsent, so that Lambda runs the import again */
export async function handler(event: S3Event, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  for (const { s3: file } of event.Records) {
    const Bucket = file.bucket.name;
    const Key = decodeURIComponent(file.object.key.replaceAll('+', ' ')); // S3 encodes it in events.
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));

    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const report = await importFile(Body as AsyncIterable<Buffer>, signal);
    const complete = report.unsent === 0 && !signal.aborted;
    const text = JSON.stringify({ complete, ...report });
    await s3.send(new PutObjectCommand({ Bucket, Key: `reports/${Key}.json`, Body: text }));
    if (!complete) throw new Error(`${Key} has unsent payments: see reports/${Key}.json.`);
  }
}

async function importFile(file: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Report> {
  const report: Report = { accepted: 0, invalid: 0, unsent: 0, lines: [] };
  const notAccepted = (line: number, code: string, reason: string) => {
    report[UNSENT.has(code) ? 'unsent' : 'invalid'] += 1;
    if (report.lines.length < LISTED_LINES) report.lines.push({ line, code, reason });
  };
  const sent: number[] = []; // The lines whose results follow, in the same order.

  async function* payments(): AsyncGenerator<PaymentMessage> {
    for await (const { line, payment } of readPaymentFile(file)) {
      if (payment === undefined) {
        notAccepted(line, 'INVALID_JSON', 'The line is no JSON in UTF-8.');
      } else {
        sent.push(line);
        yield payment;
      }
    }
  }

  for await (const result of producer.stream(payments(), { signal })) {
    const line = sent.shift()!;
    if (result.status === 'accepted') report.accepted += 1;
    else notAccepted(line, result.code, result.reason);
  }
  return report;
}
