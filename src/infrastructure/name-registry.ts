import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { expressionOf } from './token-expression';
import type { PropError } from './prop-table';
import { resourceNames } from './resource-names';
import type { Settings } from './props';

interface Named {
  readonly path: string;
  readonly environment: string;
  readonly queues: readonly string[];
}

const pipelines = new WeakMap<TerraformStack, Named[]>();

/** Errors for names that another pipeline of the stack already has. */
export function nameConflicts(pipeline: Construct, settings: Settings): PropError[] {
  const own = named(pipeline, settings);
  const { environment } = own;
  return others(pipeline).flatMap(({ path, ...other }) => [
    ...(other.environment === environment
      ? [{ prop: 'environment', value: environment, must: `not be that of "${path}": it is in the resources' names` }]
      : []),
    ...(other.queues.some((queue) => own.queues.includes(queue))
      ? [
          {
            prop: 'queueName',
            value: expressionOf(pipeline, settings.queueName),
            must: `not be that of "${path}", nor its dead-letter queue's`,
          },
        ]
      : []),
  ]);
}

/** Call this once the pipeline's settings are valid. */
export function registerNames(pipeline: Construct, settings: Settings): void {
  pipelines.set(TerraformStack.of(pipeline), [...others(pipeline), named(pipeline, settings)]);
}

function others(pipeline: Construct): Named[] {
  return pipelines.get(TerraformStack.of(pipeline)) ?? [];
}

function named(pipeline: Construct, settings: Settings): Named {
  const { paymentQueue, deadLetterQueue } = resourceNames(settings);
  const queues = [paymentQueue, deadLetterQueue].map((name) => expressionOf(pipeline, name));
  return { path: pipeline.node.path, environment: expressionOf(pipeline, settings.environment), queues };
}
