/** CloudWatch namespace of the metrics that the handlers emit. */
export const METRIC_NAMESPACE = 'PaymentPipeline';

/** Path of a page of the runbooks in this package, which alarms and messages name. */
export function pathOfRunbook(page: string): string {
  return `docs/runbooks/${page}.md`;
}

export type Names = ReturnType<typeof resourceNames>;

/** Every name that is ours to choose: `{resource-type}-{purpose}-{environment}` where AWS or the resource's users do not want another. */
export function resourceNames({
  environment,
  queueName,
}: {
  readonly environment: string;
  readonly queueName: string;
}) {
  const named = (purpose: string) => `${purpose}-${environment}`;
  return {
    paymentQueue: `${queueName}.fifo`,
    deadLetterQueue: `${queueName}-dlq.fifo`,
    paymentTable: named('payment-status'),
    paymentProcessor: handlerNames('payment-processor', environment),
    dlqProcessor: handlerNames('dlq-processor', environment),

    vpc: named('vpc-payment-processing'),
    subnet: (zone: string) => `${named('subnet-private')}-${zone}`,
    routeTable: named('rtb-private'),
    endpoint: (service: string) => named(`vpce-${service}`),
    // AWS refuses group names that begin with "sg-".
    endpointSecurityGroup: named('vpc-endpoints'),
    functionSecurityGroup: named('lambda-functions'),
    defaultSecurityGroup: named('vpc-default'),
    securityGroup: (purpose: string) => named(purpose),
    flowLog: (destination: string) => named(`flow-log-${destination}`),
    flowLogGroup: `/aws/vpc-flow-logs/${named('vpc-payment-processing')}`,
    flowLogs: roleNames('vpc-flow-logs', environment),

    /** Contains the AWS account's id, so that it is unique in all of AWS. */
    auditBucket: (accountId: string) => `${named('s3-audit-logs')}-${accountId}`,
    trail: named('cloudtrail-payment-processing'),
    trailLogGroup: `/aws/cloudtrail/${named('cloudtrail-payment-processing')}`,
    cloudTrail: roleNames('cloudtrail', environment),

    keyAlias: (purpose: 's3' | 'sqs' | 'dynamodb') => `alias/${named(`payment-${purpose}`)}`,

    topic: named('sns-payment-alerts'),
    outcomeTopic: `${named('payment-outcomes')}.fifo`,
    keyChangeTopic: named('sns-payment-key-changes'),
    keyChangeRule: named('event-rule-payment-key-changes'),
    reviewRule: named('event-rule-payment-reviews'),
    snsDeliveryStatus: roleNames('sns-delivery-status', environment),

    sendPaymentsPolicy: named('iam-policy-send-payments'),
    readPaymentsPolicy: named('iam-policy-read-payments'),

    securityNamespace: named('PaymentPipelineSecurity'),
    securityFilter: (purpose: string) => named(`metric-filter-${purpose}`),
    alarm: (purpose: string) => named(`alarm-${purpose}`),
    dashboard: named('payment-processing-monitoring'),
  };
}

/** The names of the resources with which a repository's workflows deploy that environment. */
export function gitHubNames(environment: string) {
  return {
    planRole: `iam-role-github-plan-${environment}`,
    applyRole: `iam-role-github-apply-${environment}`,
    policy: (purpose: string) => `iam-policy-github-${purpose}-${environment}`,
    permissionsBoundary: `iam-policy-permissions-boundary-${environment}`,
  };
}

/** The names around one function. */
export type HandlerNames = ReturnType<typeof handlerNames>;

function handlerNames(purpose: string, environment: string) {
  const functionName = `lambda-${purpose}-${environment}`;
  return {
    ...roleNames(purpose, environment),
    function: functionName,
    /** Lambda writes to the group of this name unless told otherwise. */
    logGroup: `/aws/lambda/${functionName}`,
    /** The function's name in logs, traces and metrics. */
    service: `${purpose}-${environment}`,
  };
}

function roleNames(purpose: string, environment: string) {
  return { role: `iam-role-${purpose}-${environment}`, policy: `iam-policy-${purpose}-${environment}` };
}
