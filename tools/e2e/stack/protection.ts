import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Say } from '../../kit/steps';
import { offlineStack } from '../../terraform/offline-stack';
import { providerSources, readStack, writeStack } from '../../terraform/stack-file';
import { zipDirectory } from '../../terraform/zip-directory';
import { STATE_FILE } from './synthesis';
import type { BorrowedStack } from './terraform-run';

/** What production keeps: evidence, waiting payments, and the keys of both. */
const PROTECTED = [
  'aws_cloudtrail.payments_audit_trail',
  'aws_cloudwatch_log_group.payments_alerting_delivery_failure_log_group',
  'aws_cloudwatch_log_group.payments_alerting_delivery_log_group',
  'aws_cloudwatch_log_group.payments_audit_trail_log_group',
  'aws_cloudwatch_log_group.payments_dlq_processor_log_group',
  'aws_cloudwatch_log_group.payments_network_flow_log_group',
  'aws_cloudwatch_log_group.payments_payment_processor_log_group',
  'aws_dynamodb_table.payments_payment_table',
  'aws_kms_key.payments_encryption_dynamodb_key',
  'aws_kms_key.payments_encryption_s3_key',
  'aws_kms_key.payments_encryption_sqs_key',
  'aws_s3_bucket.payments_audit_bucket',
  'aws_s3_bucket_object_lock_configuration.payments_audit_bucket_object_lock',
  'aws_s3_bucket_policy.payments_audit_bucket_policy',
  'aws_sqs_queue.payments_dead_letter_queue',
  'aws_sqs_queue.payments_payment_queue',
  'random_bytes.payments_account_hash_key',
];
/** The one of them that only production has. */
const LOCK = { type: 'aws_s3_bucket_object_lock_configuration', name: 'payments_audit_bucket_object_lock' };
const PRODUCTION_STATE = 'production.tfstate';

const resource = v.looseObject({ type: v.string(), instances: v.array(v.looseObject({})) });
const state = v.looseObject({ resources: v.array(resource) });

/**
 * Plans to destroy the stack of the profile `production`, with the state of the deployed one, to which the lock of the audit bucket is added:
 * Terraform refuses, and names each resource that has to stay. A plan asks no service.
 * @param production directory of that stack, as it was synthesized
 */
export async function assertProtected(stack: BorrowedStack, production: string, say: Say): Promise<void> {
  const { directory } = stack;
  const deployed = readStack(directory);
  const synthesized = readStack(production);
  const isOffline = providerSources(deployed).length < providerSources(synthesized).length;
  writeFileSync(join(directory, PRODUCTION_STATE), productionState(readFileSync(join(directory, STATE_FILE), 'utf8')));
  writeStack(directory, isOffline ? offlineStack(synthesized, zipDirectory(production)) : synthesized);
  let refusal: string;
  try {
    refusal = await stack.refusalToDestroy(`-state=${PRODUCTION_STATE}`);
  } finally {
    writeStack(directory, deployed);
  }
  const refused = [...refusal.matchAll(/Resource\s+(\S+)\s+has\s+lifecycle\.prevent_destroy/g)].map(([, address]) =>
    address!.replace('terraform_data.', 'random_bytes.'),
  );
  assert.deepEqual(refused.sort(), PROTECTED);
  say(`production: Terraform refuses to destroy ${refused.join(', ')}`);
}

/** The state with a lock of its audit bucket, and without dependencies: Terraform names no resource on which a refused one depends. */
function productionState(text: string): string {
  const { resources, ...rest } = v.parse(state, JSON.parse(text));
  const bucket = resources.find(({ type }) => type === 'aws_s3_bucket')!;
  const instance: Record<string, unknown> = { schema_version: 0, attributes: { id: 'audit', bucket: 'audit' } };
  const lock = { ...bucket, ...LOCK, instances: [instance] };
  const independent = [...resources, lock].map((one) => ({
    ...one,
    instances: one.instances.map(({ dependencies: _, ...others }) => others),
  }));
  return JSON.stringify({ ...rest, resources: independent });
}
