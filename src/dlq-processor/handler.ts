import type { Context } from 'aws-lambda';
import { readDlqProcessorEnvironment } from '../contract/environment';
import { SqsDeadLetterQueue } from './adapters/dead-letter-queue';
import { DynamoDbFailedPayments } from './adapters/failed-payments';
import { PowertoolsTelemetry } from './adapters/powertools-telemetry';
import { type Analysis, type AnalysisSources, analyze } from './analyze';
import { readEvent } from './event';

const environment = readDlqProcessorEnvironment(process.env);
const telemetry = new PowertoolsTelemetry();

const sources: AnalysisSources = {
  failedPayments: new DynamoDbFailedPayments(environment.PAYMENT_TABLE_NAME, telemetry.trace),
  deadLetterQueue: new SqsDeadLetterQueue(environment.PAYMENT_DLQ_URL, telemetry.trace),
  clock: { now: () => Date.now() },
};

/** The DLQ processor: an operator's request, answered with what was counted. */
export async function handler(event: unknown, context: Context): Promise<Analysis> {
  const deadline = sources.clock.now() + context.getRemainingTimeInMillis();
  telemetry.begin(context);
  try {
    const analysis = await analyze(readEvent(event), sources, deadline);
    telemetry.analyzed(analysis);
    return analysis;
  } catch (error) {
    telemetry.failed(error);
    throw error;
  }
}
