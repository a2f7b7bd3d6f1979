import { ALARM_CHECKS } from './alarms';
import { API_KEY_CHECKS } from './api-key';
import { AUDIT_CHECKS } from './audit';
import { AwsCallError } from '../aws-call';
import type { Check, CheckResult } from './check';
import { CONCURRENCY_CHECKS } from './concurrency';
import { FUNCTION_CHECKS } from './functions';
import { KEY_CHECKS } from './keys';
import { MAPPING_CHECKS } from './mapping';
import { NETWORK_CHECKS } from './network';
import { TABLE_CHECKS } from './payment-table';
import { OUTCOME_TOPIC_CHECKS } from './outcome-topic';
import { QUEUE_CHECKS } from './queues';
import type { Deployment } from './read';
import { ROLE_CHECKS } from './roles';

/** Every check of a deployment, in the order of the answer: first what keeps payments from being decided. */
export const CHECKS: readonly Check[] = [
  ...MAPPING_CHECKS,
  ...FUNCTION_CHECKS,
  ...CONCURRENCY_CHECKS,
  ...ROLE_CHECKS,
  ...API_KEY_CHECKS,
  ...QUEUE_CHECKS,
  ...OUTCOME_TOPIC_CHECKS,
  ...TABLE_CHECKS,
  ...KEY_CHECKS,
  ...NETWORK_CHECKS,
  ...ALARM_CHECKS,
  ...AUDIT_CHECKS,
];

/** Makes every check. @throws AwsCallError when AWS takes no call, or no service answers */
export async function runChecks(deployment: Deployment): Promise<readonly CheckResult[]> {
  const results = await Promise.all(CHECKS.map((check) => check.run(deployment)));
  const unanswered = results.flatMap(({ result, findings }) => (result === 'unknown' ? findings : []));
  if (unanswered.length === CHECKS.length) throw new AwsCallError(unanswered[0]!.found);
  return results;
}
