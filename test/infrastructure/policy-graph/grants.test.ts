import { OTHER_SENDER, READER, SENDER } from '../../../tools/kit/stacks/granted-roles';
import { keyPolicy, Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import { REGION, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { callsFor } from '../../../tools/kit/stacks/terraform-calls';

interface Encrypted extends Resource {
  readonly kms_master_key_id: string;
  readonly server_side_encryption: { readonly kms_key_arn: string };
}

const graph = readGraph('grantsToArns');
const queue = graph.only<Encrypted>('aws_sqs_queue', { name: 'payment-processing.fifo' });
const table = graph.only<Encrypted>('aws_dynamodb_table');
const queuePolicy = Policy.of(
  graph,
  graph.only<{ policy: string }>('aws_sqs_queue_policy', { queue_url: queue.id }).policy,
);
const tablePolicy = Policy.of(
  graph,
  graph.only<{ policy: string }>('aws_dynamodb_resource_policy', { resource_arn: table.arn }).policy,
);
const sqsKey = queue.kms_master_key_id;
const dynamodbKey = table.server_side_encryption.kms_key_arn;
const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });

/**
 * A role of another AWS account needs the policy of the queue or table in addition to its own
 * (https://repost.aws/knowledge-center/sqs-queue-access-permissions,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html), and the policy of its key
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html). For one of the same AWS account each is enough.
 */
test.each([SENDER, OTHER_SENDER])('%s sends payments, encrypted with the key of the queue', (by) => {
  expect(refused(queuePolicy, [{ by, action: 'sqs:SendMessage', on: queue.arn }])).toEqual([]);
  const encrypt = ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
    by,
    action,
    on: sqsKey,
    context: through('sqs'),
  }));
  expect(refused(keyPolicy(graph, sqsKey), encrypt)).toEqual([]);
});

test('a reader reads records by id and by status, decrypted with the key of the table', () => {
  const query = { by: READER, action: 'dynamodb:Query', on: `${table.arn}/index/status-timestamp-index` };
  const byId = ['GetItem', 'BatchGetItem'].map((action) => ({
    by: READER,
    action: `dynamodb:${action}`,
    on: table.arn,
  }));
  expect(refused(tablePolicy, [query, ...byId])).toEqual([]);
  const decrypt = { by: READER, action: 'kms:Decrypt', on: dynamodbKey, context: through('dynamodb') };
  expect(refused(keyPolicy(graph, dynamodbKey), [decrypt])).toEqual([]);
});

test('nobody gets more', () => {
  expect([queuePolicy, tablePolicy].map((policy) => policy.principals().sort())).toEqual([
    [SENDER, OTHER_SENDER].sort(),
    [READER],
  ]);
  expect(
    [queuePolicy, tablePolicy].map((policy) =>
      policy
        .grants()
        .map(({ action }) => action)
        .sort(),
    ),
  ).toEqual([
    ['sqs:SendMessage'],
    ['BatchGetItem', 'GetItem', 'Query'].flatMap((action) => [`dynamodb:${action}`, `dynamodb:${action}`]),
  ]);
  const uses = [
    { by: OTHER_SENDER, key: sqsKey, service: 'sqs' },
    { by: READER, key: dynamodbKey, service: 'dynamodb' },
  ];
  for (const { by, key, service } of uses) {
    const request = { by, action: 'kms:Decrypt', on: key, context: through(service) };
    const more = [
      { context: through('s3') },
      { by: `arn:aws:iam::210987654321:root` },
      { action: 'kms:CreateGrant' },
      { action: 'kms:PutKeyPolicy' },
    ];
    expect(keyPolicy(graph, key).alsoAllows(request, ...more)).toEqual([]);
    const others = graph.all('aws_kms_key').filter(({ arn }) => arn !== key);
    expect(others.filter(({ arn }) => keyPolicy(graph, arn).allows({ ...request, on: arn }))).toEqual([]);
  }
});

test('the role that applies from GitHub writes the policy of a queue, and that of a table only if the props say so', () => {
  const policies = graph.made().filter(({ address }) => /^aws_(sqs_queue|dynamodb_resource)_policy\./.test(address));
  expect(policies).toHaveLength(2);
  const calls = policies.flatMap((policy) => {
    const { read, write } = callsFor(policy, graph);
    return [...read, ...write];
  });
  const roleOf = (configuration: 'roles' | 'rolesWithTablePolicy') => {
    const roles = readGraph(configuration);
    return Policy.attachedTo(roles, roles.only('aws_iam_role', { name: 'iam-role-github-apply-dev' }));
  };
  expect(refused(roleOf('rolesWithTablePolicy'), calls)).toEqual([]);
  const lacking = refused(roleOf('roles'), calls);
  expect(lacking.map((text) => text.replace(/ .*/, ''))).toEqual(
    ['GetResourcePolicy', 'PutResourcePolicy', 'DeleteResourcePolicy'].map((action) => `dynamodb:${action}`),
  );
});
