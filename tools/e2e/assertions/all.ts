import { alarmAssertions } from './alarms';
import { alertingAssertions } from './alerting';
import type { Assertion } from './assertion';
import { auditBucketAssertions } from './audit-bucket';
import { functionAssertions } from './functions';
import { keyAssertions } from './keys';
import { logAssertions } from './logs';
import { networkAssertions } from './network';
import { outputAssertions } from './outputs';
import { queueAssertions } from './queues';
import { iamAssertions } from './roles';
import { tableAssertions } from './table';
import { trailAssertions } from './trail';

/** All that is asserted of the stack in the emulator, in the order of the pipeline. */
export const ASSERTIONS: readonly Assertion[] = [
  ...queueAssertions,
  ...tableAssertions,
  ...functionAssertions,
  ...iamAssertions,
  ...keyAssertions,
  ...networkAssertions,
  ...auditBucketAssertions,
  ...trailAssertions,
  ...logAssertions,
  ...alarmAssertions,
  ...alertingAssertions,
  ...outputAssertions,
];
