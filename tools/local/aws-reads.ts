import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { EmbeddedPipeline } from '../kit/embedded/pipeline';

/** Lambda's mapping and concurrency, as they are deployed, or as a drill has them: answers by path. */
export function lambdaReads({ deployed, processor }: EmbeddedPipeline): Record<string, () => object> {
  const { functionName, paymentQueueArn, batchSize, maximumConcurrency, mapping, reservedConcurrency } = deployed;
  const { dlqProcessor, schedules } = deployed;
  return {
    'event-source-mappings': () => ({
      EventSourceMappings: [
        {
          UUID: 'local',
          EventSourceArn: paymentQueueArn,
          State: mapping.enabled ? 'Enabled' : 'Disabled',
          BatchSize: batchSize,
          FunctionResponseTypes: mapping.functionResponseTypes,
          ScalingConfig: { MaximumConcurrency: maximumConcurrency },
        },
      ],
    }),
    [`functions/${functionName}/concurrency`]: () => {
      const limit = Math.min(processor.reservedConcurrency, reservedConcurrency < 0 ? Infinity : reservedConcurrency);
      return Number.isFinite(limit) ? { ReservedConcurrentExecutions: limit } : {};
    },
    [`functions/${dlqProcessor.functionName}/policy`]: () => ({
      Policy: JSON.stringify({
        Statement: schedules.map(({ rule }) => ({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:events:ap-southeast-1:000000000000:rule/${rule}` } },
        })),
      }),
    }),
  };
}

/** DynamoDB's description of the table, with the settings that the emulator does not keep. */
export async function describeTable({ aws, deployed }: EmbeddedPipeline): Promise<object> {
  const { tableName: TableName, table } = deployed;
  const { Table } = await aws.observer.send(new DescribeTableCommand({ TableName }));
  const { BillingModeSummary, CreationDateTime, ...description } = Table ?? {}; // with times, which JSON writes otherwise than DynamoDB
  return {
    Table: {
      ...description,
      SSEDescription: { KMSMasterKeyArn: table.keyArn },
      DeletionProtectionEnabled: table.deletionProtection,
    },
  };
}
