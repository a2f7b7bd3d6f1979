import { commandsOf, isOfTheTool, shellBlocks } from '../../kit/runbooks';
import { OUTCOME_QUEUE, PROCESSOR, PROCESSOR_LOG_GROUP, TABLE, TRAIL, TRAIL_LOG_GROUP } from '../support/names';

/** How one block of the runbooks is rehearsed; what comes before and after it is shell, too. */
export interface Rehearsal {
  /** Text that identifies a block of this kind. */
  readonly of: string;
  /** Brings about what the block is for. */
  readonly before?: string;
  /** A text that the block prints. */
  readonly shows?: RegExp;
  /** The emulator does not know the operation: the AWS CLI takes the command, and the emulator refuses it, as this says. */
  readonly refused?: RegExp;
  /** A query of the state after the block, and the expected result. */
  readonly leaves?: readonly [command: string, seen: RegExp];
}

const NOW = '$(date +%s000)';
const KEY = 'alias/payment-dynamodb-dev';
const FUNCTION = `--function-name ${PROCESSOR}`;
/** A payment as the page's examples speak of it, refused permanently under a release whose id is filled in there. */
const RECORD =
  '{"transaction_id":{"S":"txn-0001"},"payment_status":{"S":"FAILED"},"timestamp":{"S":"2026-01-31T03:00:00.000Z"},' +
  '"account_id":{"S":"acc-0001"},"failure_code":{"S":"FRAUD_CHECK_REFUSED"},"release_id":{"S":"RELEASE_ID"}}';
const ITS_KEY = `--key '{"transaction_id":{"S":"txn-0001"}}'`;

const REHEARSALS: readonly Rehearsal[] = [
  {
    of: `logs tail ${PROCESSOR_LOG_GROUP}`,
    before: logged(PROCESSOR_LOG_GROUP, 'WARN of the rehearsal'),
    shows: /WARN of the rehearsal/,
  },
  {
    of: 'uniq -c',
    before: ['1', '2', '3']
      .map((one) =>
        put(
          `{"transaction_id":{"S":"approved-${one}"},"payment_status":{"S":"APPROVED"},` +
            `"timestamp":{"S":"2026-01-31T03:00:0${one}.000Z"},"account_id":{"S":"acc-000${one === '3' ? '2' : '9'}"}}`,
        ),
      )
      .join('\n'),
    shows: /^ *2 acc-0009$[^]*^ *1 acc-0002$/m,
    leaves: [
      ['1', '2', '3']
        .map(
          (one) => `aws dynamodb delete-item --table-name ${TABLE} --key '{"transaction_id":{"S":"approved-${one}"}}'`,
        )
        .join('\n'),
      /^$/,
    ],
  },
  { of: 'sns list-subscriptions', shows: new RegExp(`:${OUTCOME_QUEUE}\\t`) },
  { of: 'read-timeout 150 /dev/stdout', shows: /"failedPayments":1,[^]*"patterns":/ },
  { of: 'get-account-settings', shows: /"ConcurrentExecutions": 1000|^950$/m },
  { of: 'get-function-concurrency', shows: /"ReservedConcurrentExecutions": 50[^]*^50$/m },
  {
    of: '$.userIdentity.type = Root',
    before: logged(TRAIL_LOG_GROUP, 'the root of the rehearsal'),
    shows: /the root of the rehearsal/,
  },
  { of: 'get-trail-status', before: `aws cloudtrail stop-logging --name ${TRAIL}`, shows: /"IsLogging": false/ },
  { of: 'start-logging', leaves: [`aws cloudtrail get-trail-status --name ${TRAIL}`, /"IsLogging": true/] },
  {
    of: '$.eventName = DisableKey',
    before: logged(TRAIL_LOG_GROUP, 'the key of the rehearsal'),
    shows: /the key of the rehearsal/,
  },
  {
    of: '$.eventCategory = Data',
    before: logged(TRAIL_LOG_GROUP, 'the write of the rehearsal'),
    shows: /the write of the rehearsal/,
  },
  {
    of: '$.eventName = PutBucket*',
    before: logged(TRAIL_LOG_GROUP, 'the retention of the rehearsal'),
    shows: /the retention of the rehearsal/,
  },
  { of: 'describe-log-groups', shows: new RegExp(`"ENABLED"[^]*${TRAIL_LOG_GROUP}\\t1$`, 'm') },
  {
    of: 'describe-key --key-id alias/payment-s3-dev',
    before: `aws kms schedule-key-deletion --key-id "$(aws kms describe-key --key-id ${KEY} --query KeyMetadata.KeyId --output text)"`,
    shows: /^"Enabled"\n"Enabled"\n"PendingDeletion"$/m,
  },
  {
    of: 'cancel-key-deletion',
    leaves: [`aws kms describe-key --key-id ${KEY} --query KeyMetadata.KeyState`, /"Enabled"/],
  },
  {
    of: '--cli-binary-format raw-in-base64-out --payload \'{"action":"resolve"',
    shows: /"dryRun":true,[^]*"resolved":0/,
  },
  {
    of: ':s={S=REVIEW}',
    before: put(
      '{"transaction_id":{"S":"review-1"},"payment_status":{"S":"REVIEW"},"timestamp":{"S":"2026-01-31T03:00:00.000Z"}}',
    ),
    shows: /^2026-01-31T03:00:00.000Z\treview-1$/m,
    leaves: [`aws dynamodb delete-item --table-name ${TABLE} --key '{"transaction_id":{"S":"review-1"}}'`, /^$/],
  },
  { of: '--payload \'{"action":"redrive"', shows: /"dryRun":true,[^]*"redriven":0/ },
  {
    of: 'hold#acc-0001',
    before: `${put(RECORD)}\n${put('{"transaction_id":{"S":"hold#acc-0001"},"payment_status":{"S":"HELD"},"timestamp":{"S":"2026-01-02T03:00:00.000Z"},"held":{"SS":["000000000000000000000000000000000000002 txn-0002 fedcba9876543210","000000000000000000000000000000000000001 txn-0001 0123456789abcdef"]}}')}`,
    shows: /"FRAUD_CHECK_REFUSED"[^]*\[\s*"0+1 txn-0001 0123456789abcdef",\s*"0+2 txn-0002 fedcba9876543210"\s*\]/,
  },
  { of: '--no-enabled', leaves: [ofMapping('State'), /Disabled/] },
  { of: '--enabled', leaves: [ofMapping('State'), /Enabled/] },
  { of: '[0].State', shows: /^Enabled$/m },
  { of: 'Variables.RELEASE_ID', shows: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/m },
  { of: 'release_id = :release', shows: /^txn-0001$/m },
  {
    of: 'put-secret-value',
    before: [
      'ARN=$(aws secretsmanager create-secret --name fraud-api-key --secret-string old --query ARN --output text)',
      `aws lambda update-function-configuration ${FUNCTION} --environment "Variables={FRAUD_API_KEY_SECRET_ARN=$ARN}"`,
      'printf new > new-key.txt',
    ].join('\n'),
    leaves: [
      'aws secretsmanager get-secret-value --secret-id fraud-api-key --query SecretString; ls',
      /^"new"\n(?![^]*new-key)/,
    ],
  },
  {
    of: 'put-function-concurrency',
    leaves: [
      `aws lambda get-function-concurrency ${FUNCTION}; ${ofMapping('ScalingConfig.MaximumConcurrency')}`,
      /"ReservedConcurrentExecutions": 80[^]*\n80$/m,
    ],
  },
  {
    of: 'request-service-quota-increase',
    refused: /An error occurred \(500\) when calling the RequestServiceQuotaIncrease operation/,
  },
  {
    of: 'restore-table-to-point-in-time',
    shows: /"PointInTimeRecoveryStatus": "ENABLED"/,
    leaves: [`aws dynamodb get-item --table-name payment-status-restored ${ITS_KEY}`, /acc-0001/],
  },
  {
    of: 'put-item',
    before: `aws dynamodb delete-item --table-name ${TABLE} ${ITS_KEY}`,
    leaves: [`aws dynamodb get-item --table-name ${TABLE} ${ITS_KEY}; ls`, /acc-0001(?![^]*item\.json)/],
  },
  { of: '--backup-name payment-status-restored', shows: /^"AVAILABLE"$/m },
  {
    of: 'restore-table-from-backup',
    // Not that it is encrypted by the key, which the emulator does not keep.
    leaves: [
      `aws dynamodb get-item --table-name ${TABLE} ${ITS_KEY}; aws dynamodb describe-table --table-name ${TABLE}`,
      /acc-0001[^]*"SourceBackupArn"/,
    ],
  },
  {
    of: 'delete-table --table-name payment-status-restored',
    leaves: ['aws dynamodb list-tables', new RegExp(`\\[\\s*"${TABLE}"\\s*\\]`)],
  },
];

/**
 * Each different block of commands that are the AWS CLI's, in the order of the pages, and its rehearsal.
 * @throws unless every block has one, and every rehearsal a block
 */
export function rehearsedBlocks(): (readonly [block: string, rehearsal: Rehearsal])[] {
  const blocks = shellBlocks()
    .map((block) =>
      commandsOf(block)
        .filter((command) => !isOfTheTool(command))
        .join('\n'),
    )
    .filter(Boolean);
  const pairs = [...new Set(blocks)].map((block) => {
    const fitting = REHEARSALS.filter(({ of }) => block.includes(of));
    if (fitting.length !== 1) throw new Error(`${fitting.length} rehearsals fit, instead of one:\n${block}`);
    return [block, fitting[0]!] as const;
  });
  const idle = REHEARSALS.filter((rehearsal) => !pairs.some(([, used]) => used === rehearsal));
  if (idle.length > 0)
    throw new Error(`No block of the runbooks has this any more: ${idle.map(({ of }) => of).join('; ')}`);
  return pairs;
}

/** Writes an entry into the log group, as a function or the trail would. */
function logged(group: string, message: string): string {
  return [
    `aws logs create-log-stream --log-group-name ${group} --log-stream-name "rehearsal-$RANDOM"`,
    `STREAM=$(aws logs describe-log-streams --log-group-name ${group} --log-stream-name-prefix rehearsal- --query 'logStreams[0].logStreamName' --output text)`,
    `aws logs put-log-events --log-group-name ${group} --log-stream-name "$STREAM" --log-events "[{\\"timestamp\\":${NOW},\\"message\\":\\"${message}\\"}]"`,
  ].join('\n');
}

function put(item: string): string {
  return `aws dynamodb put-item --table-name ${TABLE} --item '${item}'`;
}

function ofMapping(property: string): string {
  return `aws lambda list-event-source-mappings ${FUNCTION} --query 'EventSourceMappings[0].${property}' --output text`;
}
