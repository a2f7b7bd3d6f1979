import type { Settings } from './props';

/** CloudWatch namespace of the metrics that the handlers emit. */
export const METRIC_NAMESPACE = 'PaymentPipeline';

export type Names = ReturnType<typeof resourceNames>;

/** Every name that is ours to choose: `{resource-type}-{purpose}-{environment}`, queues and the table aside. */
export function resourceNames({ environment, queueName }: Pick<Settings, 'environment' | 'queueName'>) {
  return {
    paymentQueue: `${queueName}.fifo`,
    deadLetterQueue: `${queueName}-dlq.fifo`,
    paymentTable: `payment-status-${environment}`,
    paymentProcessor: handlerNames('payment-processor', environment),
  };
}

/** The names around one function. */
export type HandlerNames = ReturnType<typeof handlerNames>;

function handlerNames(purpose: string, environment: string) {
  const functionName = `lambda-${purpose}-${environment}`;
  return {
    function: functionName,
    /** Lambda writes to the group of this name unless told otherwise. */
    logGroup: `/aws/lambda/${functionName}`,
    role: `iam-role-${purpose}-${environment}`,
    policy: `iam-policy-${purpose}-${environment}`,
    /** What the function calls itself in logs, traces and metrics. */
    service: `${purpose}-${environment}`,
  };
}
