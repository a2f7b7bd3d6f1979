import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handler as real } from '../../../assets/payment-processor/index.mjs';

const held = join(tmpdir(), `held-${process.ppid}.json`); // the test removes it

/** Decides the account's second payment before its first. */
export async function handler(event, context) {
  const [first, ...rest] = event.Records;
  const isFirst = !existsSync(held);
  if (isFirst) writeFileSync(held, JSON.stringify(first));
  const records = isFirst ? rest : event.Records;
  if (records.length === 0) return { batchItemFailures: [] };
  const response = await real({ Records: records }, context);
  const late = JSON.parse(readFileSync(held, 'utf8'));
  if (late.messageId !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // the records' times have milliseconds
    await real({ Records: [late] }, context);
    writeFileSync(held, '{}');
  }
  return response;
}
