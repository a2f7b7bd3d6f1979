import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { BATCH_SIZE } from '../../contract/deployed-settings';
import { atLeast, type Check, compareSettings, defineCheck, WAIT } from './check';
import { paymentQueue } from './queues';
import { defineRead, ResourceFault } from './read';

/** Lambda's smallest `MaximumConcurrency`. */
export const SMALLEST_MAXIMUM = 2;

/** The event source mapping. */
export const mapping = defineRead({
  action: 'lambda:ListEventSourceMappings',
  subject: ({ paymentProcessor }) => `function ${paymentProcessor}`,
  needs: { paymentQueue },
  send: async ({ lambda }, found, pipeline): Promise<EventSourceMappingConfiguration> => {
    const { EventSourceMappings = [] } = await lambda.listEventSourceMappings({
      FunctionName: pipeline.paymentProcessor,
    });
    const ofQueue = EventSourceMappings.find(({ EventSourceArn }) => EventSourceArn === found.paymentQueue.QueueArn);
    if (ofQueue === undefined)
      throw new ResourceFault(
        `No mapping delivers from ${pipeline.paymentQueue} to ${pipeline.paymentProcessor}.`,
        'Deploy again, which creates it. Until then payments wait in the queue.',
      );
    return ofQueue;
  },
});

export const MAPPING_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Mapping: enabled',
    needs: { mapping },
    judge: ({ mapping: { State = 'in no state', UUID = '' } }) => {
      if (State === 'Enabled') return [];
      const found = `The mapping is ${State}: payments wait in the queue.`;
      return State.endsWith('ing')
        ? [{ found, whatToDo: WAIT }]
        : [{ found, whatToDo: `Resume: aws lambda update-event-source-mapping --uuid ${UUID} --enabled` }];
    },
  }),
  defineCheck({
    name: 'Mapping: settings',
    needs: { mapping },
    judge: ({ mapping: found }, { pipeline }) =>
      compareSettings({
        BatchSize: [found.BatchSize, BATCH_SIZE],
        FunctionResponseTypes: [String(found.FunctionResponseTypes ?? []), 'ReportBatchItemFailures'],
        MaximumConcurrency: [
          found.ScalingConfig?.MaximumConcurrency,
          pipeline.expected().settings?.max_concurrency ?? atLeast(SMALLEST_MAXIMUM),
        ],
      }),
  }),
];
