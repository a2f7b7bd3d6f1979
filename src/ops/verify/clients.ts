import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import type { ClientConfig } from '../client-config';

/** A client of each service that the checks read. */
export type Clients = ReturnType<typeof createClients>;

/** This module loads the SDK of twelve services, so nothing but `verify` loads it. */
export function createClients(given: ClientConfig) {
  const config = { ...given, maxAttempts: 3 };
  return {
    cloudTrail: new CloudTrail(config),
    cloudWatch: new CloudWatch(config),
    cloudWatchLogs: new CloudWatchLogs(config),
    dynamoDb: new DynamoDB(config),
    ec2: new EC2(config),
    iam: new IAM(config),
    kms: new KMS(config),
    lambda: new Lambda(config),
    s3: new S3(config),
    secretsManager: new SecretsManager(config),
    sns: new SNS(config),
    sqs: new SQS({ ...config, useQueueUrlAsEndpoint: false }),
  };
}
