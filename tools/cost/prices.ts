/** Hours of an average month, as AWS's calculators have it. */
export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** US dollars by part. */
export type Parts = Readonly<Record<string, number>>;

/** AWS region of the prices. */
export const PRICED_REGION = 'ap-southeast-1';

/** The day of the prices, as YYYY-MM-DD; one of another day says so. */
export const PRICES_AS_OF = '2026-08-12';

export interface Price {
  /** US dollars a unit, in the first tier and without a free tier. */
  readonly usd: number;
  readonly unit: string;
  /** AWS's page of the price. */
  readonly source: string;
  /** The usage type in AWS's price list of the region, and the day, or month, in which it had this price, as public repositories quote it. */
  readonly listed?: { readonly usageType: string; readonly on: string };
  /** The region whose price this is, where the price of `ap-southeast-1` could not be read. */
  readonly readIn?: 'us-east-1' | 'ap-south-1';
}

const listed = (usageType: string, on = PRICES_AS_OF) => ({ listed: { usageType, on } });

const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const KMS = 'https://aws.amazon.com/kms/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const SNS = 'https://aws.amazon.com/sns/pricing/';

/** The price table. To update a price, change it, its day, and `PRICES_AS_OF`; then run `npx projen documents -- cost`. */
export const PRICES = {
  endpointHour: {
    usd: 0.013,
    unit: 'interface endpoint, zone and hour',
    source: 'https://aws.amazon.com/privatelink/pricing/',
    ...listed('APS1-VpcEndpoint-Hours'),
  },
  key: { usd: 1, unit: 'key and month', source: KMS, ...listed('ap-southeast-1-KMS-Keys') },
  keyRequest: { usd: 0.000_003, unit: 'KMS request', source: KMS, ...listed('ap-southeast-1-KMS-Requests') },
  alarmMetric: {
    usd: 0.1,
    unit: 'metric of an alarm and month',
    source: CLOUDWATCH,
    ...listed('APS1-CW:AlarmMonitorUsage'),
  },
  compositeAlarm: { usd: 0.5, unit: 'composite alarm and month', source: CLOUDWATCH, readIn: 'us-east-1' },
  dashboard: { usd: 3, unit: 'dashboard and month', source: CLOUDWATCH, readIn: 'us-east-1' },
  customMetric: {
    usd: 0.3,
    unit: 'custom metric and month',
    source: CLOUDWATCH,
    ...listed('APS1-CW:MetricMonitorUsage', '2025-11-30'),
  },
  logGb: { usd: 0.7, unit: 'GB of logs ingested', source: CLOUDWATCH, ...listed('APS1-DataProcessing-Bytes') },
  logStoredGb: {
    usd: 0.03,
    unit: 'GB of logs stored, and month',
    source: CLOUDWATCH,
    ...listed('APS1-TimedStorage-ByteHrs'),
  },
  flowLogGb: { usd: 0.5, unit: 'GB of flow logs in CloudWatch Logs', source: CLOUDWATCH, readIn: 'us-east-1' },
  flowLogInBucketGb: { usd: 0.25, unit: 'GB of flow logs in S3', source: CLOUDWATCH, readIn: 'us-east-1' },
  secret: {
    usd: 0.4,
    unit: 'secret and month',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    ...listed('APS1-AWSSecretsManager-Secret'),
  },
  invocation: { usd: 0.000_000_2, unit: 'invocation', source: LAMBDA, ...listed('APS1-Request-ARM') },
  gbSecond: {
    usd: 0.000_013_333_4,
    unit: 'GB-second on arm64',
    source: LAMBDA,
    ...listed('APS1-Lambda-GB-Second-ARM'),
  },
  writeUnit: { usd: 0.000_000_71, unit: 'write request unit', source: DYNAMODB, readIn: 'ap-south-1' },
  readUnit: { usd: 0.000_000_142_5, unit: 'read request unit', source: DYNAMODB, readIn: 'ap-south-1' },
  tableGb: { usd: 0.285, unit: 'GB of a table, and month', source: DYNAMODB, readIn: 'ap-south-1' },
  tableBackupGb: {
    usd: 0.228,
    unit: 'GB of point-in-time recovery, and month',
    source: DYNAMODB,
    readIn: 'ap-south-1',
  },
  queueRequest: {
    usd: 0.000_000_5,
    unit: 'request of a FIFO queue',
    source: 'https://aws.amazon.com/sqs/pricing/',
    readIn: 'us-east-1',
  },
  topicRequest: { usd: 0.000_000_3, unit: 'request of a FIFO topic', source: SNS, readIn: 'us-east-1' },
  topicGb: { usd: 0.017, unit: 'GB published to a FIFO topic', source: SNS, readIn: 'us-east-1' },
  topicDelivery: { usd: 0.000_000_01, unit: 'message of a FIFO subscription', source: SNS, readIn: 'us-east-1' },
  topicDeliveryGb: { usd: 0.001, unit: 'GB of a FIFO subscription', source: SNS, readIn: 'us-east-1' },
  trace: {
    usd: 0.000_005,
    unit: 'trace recorded',
    source: 'https://aws.amazon.com/xray/pricing/',
    readIn: 'us-east-1',
  },
  trailEvent: {
    usd: 0.000_001,
    unit: 'CloudTrail data event',
    source: 'https://aws.amazon.com/cloudtrail/pricing/',
    readIn: 'us-east-1',
  },
  bucketRequest: { usd: 0.000_005, unit: 'PUT request of S3', source: S3, ...listed('APS1-Requests-Tier1') },
  bucketGb: {
    usd: 0.025,
    unit: 'GB of S3 Standard, and month',
    source: S3,
    ...listed('APS1-TimedStorage-ByteHrs', '2026-07'),
  },
  transition: { usd: 0.000_03, unit: 'object that S3 moves to Glacier', source: S3, readIn: 'us-east-1' },
  hostedZone: { usd: 0.5, unit: 'hosted zone and month', source: 'https://aws.amazon.com/route53/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;
