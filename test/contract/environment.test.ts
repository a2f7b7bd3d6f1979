import {
  EnvironmentError,
  isFraudApiUrl,
  readDlqProcessorEnvironment,
  readProcessorEnvironment,
} from '../../src/contract';

const COMPLETE = {
  PAYMENT_TABLE_NAME: 'payments',
  PAYMENT_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/payments.fifo',
  PAYMENT_DLQ_URL: 'http://127.0.0.1:4566/1/payments-dlq.fifo',
  RELEASE_ID: 'release-7',
  POWERTOOLS_SERVICE_NAME: 'payment-processor',
  POWERTOOLS_METRICS_NAMESPACE: 'Payments',
  FRAUD_API_URL: 'https://fraud.example/check',
  FRAUD_API_TIMEOUT_MS: '3000',
  FRAUD_API_MAX_ATTEMPTS: '3',
  MAX_RECEIVE_COUNT: '3',
};

const OPTIONAL = {
  POWERTOOLS_LOG_LEVEL: 'WARN',
  RETRY_WAITS_SECONDS: '1,2',
  GROUP_CONCURRENCY: '4',
  ON_FAILED_PAYMENT: 'continue',
  ACCOUNT_HASH_KEY: 'MARKED-KEY-of-32-characters-or-more',
  FRAUD_API_KEY_SECRET_ARN:
    'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:payments/fraud_api+key=1.@x-AbCdEf',
};

/** The error's message, or what was read. */
function read(changes: Readonly<Record<string, string | undefined>>): unknown {
  try {
    return readProcessorEnvironment({ ...COMPLETE, ...changes });
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toHaveProperty('name', 'EnvironmentError');
    return (error as EnvironmentError).message;
  }
}

test('numbers are read as numbers, and optional variables have their defaults', () => {
  expect(read({ SOMETHING_ELSE: 'is ignored' })).toEqual({
    ...COMPLETE,
    FRAUD_API_TIMEOUT_MS: 3_000,
    FRAUD_API_MAX_ATTEMPTS: 3,
    MAX_RECEIVE_COUNT: 3,
    RETRY_WAITS_SECONDS: [20, 1_860],
    GROUP_CONCURRENCY: 10,
    ON_FAILED_PAYMENT: 'continue',
  });
});

test('an optional variable is read when it is set', () => {
  expect(read(OPTIONAL)).toMatchObject({ ...OPTIONAL, RETRY_WAITS_SECONDS: [1, 2], GROUP_CONCURRENCY: 4 });
});

test.each([
  ['FRAUD_API_TIMEOUT_MS', '1', 1],
  ['FRAUD_API_TIMEOUT_MS', '900000', 900_000],
  ['FRAUD_API_MAX_ATTEMPTS', '100', 100],
  ['MAX_RECEIVE_COUNT', '1000', 1_000],
  ['RETRY_WAITS_SECONDS', '0,43200', [0, 43_200]],
  ['ON_FAILED_PAYMENT', 'hold', 'hold'],
  ['ACCOUNT_HASH_KEY', 'k'.repeat(32), 'k'.repeat(32)],
])('%s may be %s', (name, value, expected) => {
  expect(read({ [name]: value })).toHaveProperty(name, expected);
});

test.each(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'])('the log level may be %s', (level) => {
  expect(read({ POWERTOOLS_LOG_LEVEL: level })).toHaveProperty('POWERTOOLS_LOG_LEVEL', level);
});

test('an empty environment names every required variable at once', () => {
  const message = read(Object.fromEntries(Object.keys(COMPLETE).map((name) => [name, undefined])));
  for (const name of Object.keys(COMPLETE)) expect(message).toContain(`${name} is missing`);
  for (const name of Object.keys(OPTIONAL)) expect(message).not.toContain(name);
});

test('every bad variable is named at once, and no value is shown', () => {
  const names = [...Object.keys(COMPLETE), ...Object.keys(OPTIONAL)].filter((name) => !TEXTS.includes(name));
  const message = read(Object.fromEntries(names.map((name) => [name, 'MARKED-VALUE'])));
  const faults = String(message).replace('Bad environment: ', '').split('; ');
  expect(faults.toSorted()).toEqual(names.toSorted().map((name) => expect.stringMatching(`^${name} must be [^;]+`)));
  expect(message).not.toContain('MARKED-VALUE');
  expect(message).not.toContain('is missing');
});

const TEXTS = ['PAYMENT_TABLE_NAME', 'RELEASE_ID', 'POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_METRICS_NAMESPACE'];

test.each([
  ...TEXTS.map((name) => [name, '']),
  ['PAYMENT_QUEUE_URL', 'payments.fifo'],
  ['PAYMENT_QUEUE_URL', 'ftp://sqs.example/payments.fifo'],
  ['PAYMENT_QUEUE_URL', 'xhttps://sqs.example/payments.fifo'],
  ['PAYMENT_DLQ_URL', ''],
  ['FRAUD_API_URL', 'fraud.example/check'],
  ['FRAUD_API_TIMEOUT_MS', '0'],
  ['FRAUD_API_TIMEOUT_MS', '900001'],
  ['FRAUD_API_TIMEOUT_MS', '1e3'],
  ['FRAUD_API_TIMEOUT_MS', ' 3000'],
  ['FRAUD_API_TIMEOUT_MS', '3000.5'],
  ['FRAUD_API_TIMEOUT_MS', '-3000'],
  ['FRAUD_API_MAX_ATTEMPTS', '0'],
  ['FRAUD_API_MAX_ATTEMPTS', '101'],
  ['MAX_RECEIVE_COUNT', '0'],
  ['MAX_RECEIVE_COUNT', '1001'],
  ['MAX_RECEIVE_COUNT', 'three'],
  ['GROUP_CONCURRENCY', '0'],
  ['GROUP_CONCURRENCY', '11'],
  ['RETRY_WAITS_SECONDS', '20'],
  ['RETRY_WAITS_SECONDS', '20,1860,1'],
  ['RETRY_WAITS_SECONDS', '20, 1860'],
  ['RETRY_WAITS_SECONDS', '20,43201'],
  ['RETRY_WAITS_SECONDS', '-1,5'],
  ['POWERTOOLS_LOG_LEVEL', 'LOUD'],
  ['ON_FAILED_PAYMENT', 'stop'],
  ['ACCOUNT_HASH_KEY', 'k'.repeat(31)],
  ['FRAUD_API_KEY_SECRET_ARN', ''],
  ['FRAUD_API_KEY_SECRET_ARN', 'fraud-api-key'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:ssm:eu-central-1:123456789012:parameter/fraud-api-key'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:12345678901:secret:fraud-api-key'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager::123456789012:secret:fraud-api-key'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:fraud api key'],
  ['FRAUD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:fraud-api-key\n'],
  ['FRAUD_API_KEY_SECRET_ARN', ' arn:aws:secretsmanager:eu-central-1:123456789012:secret:fraud-api-key'],
])('%s=%j is named, alone', (name, value) => {
  expect(read({ [name]: value })).toMatch(new RegExp(`^Bad environment: ${name} must be [^;]+\\.$`));
});

test('the error says which values a bad or missing variable may have, optional ones too', () => {
  expect(read({ GROUP_CONCURRENCY: '11' })).toContain('GROUP_CONCURRENCY must be a whole number from 1 to 10');
  expect(read({ MAX_RECEIVE_COUNT: undefined })).toContain('set a whole number from 1 to 1000');
});

test.each([
  ['https://fraud.example/check', true],
  ['https://10.0.0.1:8443/', true],
  ['http://localhost:8080/check', true],
  ['http://127.0.0.1/', true],
  ['http://127.90.80.70/', true],
  ['http://[::1]:9/', true],
  ['http://fraud.example/check', false],
  ['http://127.0.0.1.example/', false],
  ['http://localhost.example/', false],
  ['http://10.0.0.1/', false],
  ['https://user:secret@fraud.example/', false],
  ['https://user@fraud.example/', false],
  ['https://:secret@fraud.example/', false],
  ['ftp://fraud.example/', false],
  ['ftp://localhost/', false],
  ['file:///etc/passwd', false],
  ['fraud.example/check', false],
  ['', false],
])('may the processor call %j? %s', (url, callable) => {
  expect(isFraudApiUrl(url)).toBe(callable);
  expect(typeof read({ FRAUD_API_URL: url }) === 'object').toBe(callable);
});

describe("the DLQ processor's environment", () => {
  const COMMON = Object.fromEntries(
    Object.entries(COMPLETE).filter(([name]) => /^(PAYMENT|RELEASE|POWERTOOLS)_/.test(name)),
  );
  const ALERT_TOPIC_ARN = 'arn:aws:sns:eu-central-1:123456789012:payment-alerts';
  const VARIABLES = { ...COMMON, ALERT_TOPIC_ARN };

  test('is the common variables and the topic, and nothing of the fraud API', () => {
    expect(readDlqProcessorEnvironment({ ...COMPLETE, ...VARIABLES })).toEqual(VARIABLES);
    expect(readDlqProcessorEnvironment({ ...VARIABLES, POWERTOOLS_LOG_LEVEL: 'WARN' })).toMatchObject({
      POWERTOOLS_LOG_LEVEL: 'WARN',
    });
  });

  test('names every missing variable at once', () => {
    expect(() => readDlqProcessorEnvironment({})).toThrow(EnvironmentError);
    for (const name of Object.keys(VARIABLES))
      expect(() => readDlqProcessorEnvironment({})).toThrow(`${name} is missing`);
  });

  test.each([
    'arn:aws-cn:sns:cn-north-1:123456789012:alerts',
    'arn:aws-us-gov:sns:us-gov-west-1:123456789012:A_b-9.fifo',
  ])('takes the topic %s', (arn) => {
    expect(readDlqProcessorEnvironment({ ...VARIABLES, ALERT_TOPIC_ARN: arn })).toMatchObject({ ALERT_TOPIC_ARN: arn });
  });

  test.each([
    '',
    'payment-alerts',
    'arn:aws:sqs:eu-central-1:123456789012:payment-alerts',
    'arn:aws:sns:eu-central-1:12345678901:payment-alerts',
    'arn:aws:sns::123456789012:payment-alerts',
    `${ALERT_TOPIC_ARN}:0f3b4c1e-subscription`,
    ` ${ALERT_TOPIC_ARN}`,
  ])('names %j as no topic, and does not show it', (arn) => {
    expect(() => readDlqProcessorEnvironment({ ...VARIABLES, ALERT_TOPIC_ARN: arn })).toThrow(
      new EnvironmentError('Bad environment: ALERT_TOPIC_ARN must be the ARN of an SNS topic.'),
    );
  });
});
