/** Names of the pipeline's resources in the environment `dev`, written out: what uses the stack knows them as a user does. */
export const QUEUE = 'payment-processing.fifo';
export const DEAD_LETTER_QUEUE = 'payment-processing-dlq.fifo';
/** Of the test: it is subscribed to the outcomes. */
export const OUTCOME_QUEUE = 'e2e-outcomes.fifo';

export const TABLE = 'payment-status-dev';
export const STATUS_INDEX = 'status-timestamp-index';

export const PROCESSOR = 'lambda-payment-processor-dev';
export const DLQ_PROCESSOR = 'lambda-dlq-processor-dev';

export const TRAIL = 'cloudtrail-payment-processing-dev';
export const TOPIC = 'sns-payment-alerts-dev';
export const DASHBOARD = 'payment-processing-monitoring-dev';

export const TRAIL_LOG_GROUP = `/aws/cloudtrail/${TRAIL}`;
export const FLOW_LOG_GROUP = '/aws/vpc-flow-logs/vpc-payment-processing-dev';
export const PROCESSOR_LOG_GROUP = `/aws/lambda/${PROCESSOR}`;
export const DLQ_PROCESSOR_LOG_GROUP = `/aws/lambda/${DLQ_PROCESSOR}`;
