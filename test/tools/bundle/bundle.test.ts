import { statSync } from 'node:fs';
import { join } from 'node:path';
import { HANDLERS } from '../../../src/contract/function-calls';
import { thisProject } from '../../../tools/kit/project';

/** Bytes. A cold start of the payment processor delays payments, and one of the DLQ processor a person. */
const MOST = { 'payment-processor': 400_000, 'dlq-processor': 450_000 };

test.each(HANDLERS)('the bundle of the %s has at most its bytes: every cold start reads it', (handler) => {
  expect(statSync(join(thisProject.root, 'assets', handler, 'index.mjs')).size).toBeLessThanOrEqual(MOST[handler]);
});
