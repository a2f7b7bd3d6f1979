import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Audit } from '../audit/audit';
import type { HandlerFunction } from '../functions/handler-function';
import type { Settings } from '../props';
import type { Queues } from '../queues';
import type { AlarmContext } from './alarm';

/** What is watched. */
export interface MonitoringProps extends AlarmContext {
  readonly settings: Settings;
  readonly audit: Audit;
  readonly queues: Queues;
  readonly table: DynamodbTable;
  readonly processor: HandlerFunction;
  readonly dlqProcessor: HandlerFunction;
}
