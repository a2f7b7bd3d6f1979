import { FunctionProcess, FunctionStartError } from '../../tools/kit/embedded/function-process';
import { BUNDLE } from '../../tools/kit/bundles/dlq-bench';

const BAD = {
  PAYMENT_TABLE_NAME: '',
  PAYMENT_QUEUE_URL: 'SECRET',
  PAYMENT_DLQ_URL: 'ftp://SECRET/queue',
  RELEASE_ID: '',
  ALERT_TOPIC_ARN: 'arn:aws:sqs:ap-southeast-1:000000000000:SECRET',
  POWERTOOLS_SERVICE_NAME: '',
  POWERTOOLS_METRICS_NAMESPACE: '',
};

test.each([
  { are: 'missing', environment: {} },
  {
    are: 'bad',
    environment: BAD,
  },
])(
  'variables are $are: the function ends with one error that names every one, and no value',
  async ({ environment }) => {
    const lines: string[] = [];
    const lambda = new FunctionProcess({
      bundle: BUNDLE,
      functionName: 'dlq-processor',
      timeoutMs: 10_000,
      environment: {
        AWS_REGION: 'ap-southeast-1',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...environment,
      },
      onLine: (line) => lines.push(line),
    });
    await expect(lambda.invoke({})).rejects.toThrow(FunctionStartError);

    expect(lines).toEqual([expect.stringMatching(/^EnvironmentError: /)]);
    for (const name of Object.keys(BAD)) expect(lines[0]).toContain(name);
    expect(lines[0]).not.toContain('SECRET');
  },
);
