import { isAdmittedByKey, keyPolicy, Policy } from '../../../tools/kit/stacks/iam-policy';
import { ACCOUNT, arn, REGION, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface FlowLog extends Resource {
  readonly log_destination_type: 's3' | 'cloud-watch-logs';
  readonly log_destination: string;
  readonly iam_role_arn?: string;
}

interface Trail extends Resource {
  readonly s3_bucket_name: string;
  readonly kms_key_id: string;
  readonly cloud_watch_logs_group_arn: string;
  readonly cloud_watch_logs_role_arn: string;
}

interface Role extends Resource {
  readonly assume_role_policy: string;
}

interface LogGroup extends Resource {
  readonly kms_key_id: string;
}

interface BucketEncryption {
  readonly rule: readonly [
    {
      readonly apply_server_side_encryption_by_default: {
        readonly sse_algorithm: string;
        readonly kms_master_key_id: string;
      };
    },
  ];
}

interface Statement {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly { readonly identifiers: readonly string[] }[];
  readonly condition: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

const graph = readGraph('deployed');
const bucketPolicy = (bucket: Resource) =>
  graph.only<{ policy: string }>('aws_s3_bucket_policy', { bucket: bucket.id });
const inOtherAccounts = { context: { 'aws:SourceAccount': '999999999999' } };

/** How AWS's own services put an object: over HTTPS, and leaving it to the bucket's owner. */
const AS_SERVICE = {
  'aws:SecureTransport': 'true',
  'aws:PrincipalIsAWSService': 'true',
  's3:x-amz-acl': 'bucket-owner-full-control',
};

/** A policy's statement as JSON, with one value for a list of one. */
function statementJson(json: string, find: (statement: Statement) => boolean): object {
  const address = json.replace(/^<|\.json>$/g, '');
  const { statement } = graph.only<{ statement: Statement[] }>('data.aws_iam_policy_document', { address });
  const { sid, actions, resources, principals, condition } = statement.find(find)!;
  const one = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
  const tests = [...new Set(condition.map(({ test }) => test))].map((test) => [
    test,
    Object.fromEntries(
      condition.filter((each) => each.test === test).map(({ variable, values }) => [variable, one(values)]),
    ),
  ]);
  return {
    Sid: sid,
    Principal: { Service: one(principals.flatMap(({ identifiers }) => identifiers)) },
    Action: one(actions),
    Resource: one(resources),
    Condition: Object.fromEntries(tests) as object,
  };
}

describe.each(graph.all<FlowLog>('aws_flow_log', { log_destination_type: 's3' }))(
  '$address, to a bucket',
  (flowLog) => {
    const bucket = graph.at('aws_s3_bucket', flowLog.log_destination);
    const policy = Policy.of(graph, bucketPolicy(bucket).policy);
    const delivery = {
      by: 'delivery.logs.amazonaws.com',
      context: { ...AS_SERVICE, 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn('logs', 'delivery') },
    };

    test('is delivered below AWSLogs/<account>/ of the bucket, and nowhere else', () => {
      const put = { ...delivery, action: 's3:PutObject', on: `${bucket.arn}/AWSLogs/${ACCOUNT}/vpcflowlogs/log.gz` };
      expect(policy.allows({ ...delivery, action: 's3:GetBucketAcl', on: bucket.arn })).toBe(true);
      expect(policy.allows(put)).toBe(true);
      expect(
        policy.alsoAllows(put, { on: `${bucket.arn}/log.gz` }, { by: 'ec2.amazonaws.com' }, inOtherAccounts),
      ).toEqual([]);
    });

    test('is encrypted with a key that lets log delivery in', () => {
      const { rule } = graph.only<BucketEncryption>('aws_s3_bucket_server_side_encryption_configuration', {
        bucket: bucket.id,
      });
      const { sse_algorithm, kms_master_key_id: key } = rule[0].apply_server_side_encryption_by_default;
      const use = { ...delivery, action: 'kms:GenerateDataKey*', on: key };
      expect(sse_algorithm).toBe('aws:kms');
      expect(keyPolicy(graph, key).allows(use)).toBe(true);
      expect(keyPolicy(graph, key).alsoAllows(use, inOtherAccounts)).toEqual([]);
    });

    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html: AWS attaches these statements to the bucket, and
    // "overwrites any existing policy". https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html: to a
    // policy without them, they are appended; it also asks for s3:ListBucket in AWSLogDeliveryAclCheck.
    test("the bucket's policy has AWS's own statements, so that AWS changes nothing, and a second plan is empty", () => {
      const fromAccount = { 'aws:SourceAccount': ACCOUNT };
      const fromLogs = { 'aws:SourceArn': arn('logs', '*') };
      const documented = [
        {
          Sid: 'AWSLogDeliveryWrite',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: `${bucket.arn}/AWSLogs/${ACCOUNT}/*`,
          Condition: {
            StringEquals: { ...fromAccount, 's3:x-amz-acl': 'bucket-owner-full-control' },
            ArnLike: fromLogs,
          },
        },
        {
          Sid: 'AWSLogDeliveryAclCheck',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['s3:GetBucketAcl', 's3:ListBucket'],
          Resource: bucket.arn,
          Condition: { StringEquals: fromAccount, ArnLike: fromLogs },
        },
      ];
      const { policy } = bucketPolicy(bucket);
      expect(documented.map(({ Sid }) => statementJson(policy, ({ sid }) => sid === Sid))).toEqual(documented);
    });

    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html#AWS-logs-SSE-KMS-S3, to which the page on flow logs refers
    test("the key's policy has AWS's own statement for log delivery", () => {
      const { rule } = graph.only<BucketEncryption>('aws_s3_bucket_server_side_encryption_configuration', {
        bucket: bucket.id,
      });
      const key = graph.at<{ policy: string }>(
        'aws_kms_key',
        rule[0].apply_server_side_encryption_by_default.kms_master_key_id,
      );
      const delivers = ({ principals }: Statement) => principals[0]!.identifiers.includes(delivery.by);
      expect(statementJson(key.policy, delivers)).toMatchObject({
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': arn('logs', '*') } },
      });
    });

    test('has no role, and waits for the permission', () => {
      expect(flowLog.iam_role_arn).toBeUndefined();
      expect(flowLog.depends_on).toContain(bucketPolicy(bucket).address);
    });
  },
);

describe.each(graph.all<FlowLog>('aws_flow_log', { log_destination_type: 'cloud-watch-logs' }))(
  '$address, to a log group',
  (flowLog) => {
    const group = graph.at<LogGroup>('aws_cloudwatch_log_group', flowLog.log_destination);
    const role = graph.at<Role>('aws_iam_role', flowLog.iam_role_arn);

    test("takes a role that flow logs alone may take, and this account's only", () => {
      const context = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn('ec2', 'vpc-flow-log/fl-1') };
      const take = { by: 'vpc-flow-logs.amazonaws.com', action: 'sts:AssumeRole', on: role.arn, context };
      const trust = Policy.of(graph, role.assume_role_policy);
      expect(trust.allows(take)).toBe(true);
      expect(trust.alsoAllows(take, { by: 'ec2.amazonaws.com' }, inOtherAccounts)).toEqual([]);
    });

    test('may write to that group with it, and to no other', () => {
      const policy = Policy.ofRole(graph, role);
      const stream = `${group.arn}:log-stream:eni-1-all`;
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams']) {
        expect([action, policy.allows({ action, on: stream })]).toEqual([action, true]);
      }
      expect(new Set(policy.grants().map(({ on }) => on))).toEqual(new Set([group.arn, `${group.arn}:*`]));
    });

    test("is let in by the group's key", () => {
      expect(isAdmittedByKey(graph, group)).toBe(true);
    });
  },
);

describe('the audit bucket of the production profile', () => {
  const audited = readGraph('production');
  const bucket = audited.only<Resource & { bucket: string }>('aws_s3_bucket');
  const policyOf = (stack: typeof graph) =>
    Policy.of(stack, stack.only<{ policy: string }>('aws_s3_bucket_policy').policy);
  const root = `arn:aws:iam::${ACCOUNT}:root`;

  // A lifecycle needs none of them: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html, "Permissions"
  test.each(['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'DeleteBucket'])(
    'lets nobody do s3:%s, the root neither; in dev the root may, which destroys the stack',
    (action) => {
      const request = { by: root, action: `s3:${action}`, context: { 'aws:SecureTransport': 'true' } };
      for (const on of [bucket.arn, `${bucket.arn}/AWSLogs/log.gz`]) {
        expect(policyOf(audited).denies({ ...request, on })).toBe(true);
        expect(policyOf(graph).denies({ ...request, on })).toBe(false);
      }
    },
  );

  test('still takes deliveries', () => {
    const on = `${bucket.arn}/AWSLogs/${ACCOUNT}/CloudTrail/log.gz`;
    const { arn: trail } = audited.only('aws_cloudtrail');
    const put = { by: 'cloudtrail.amazonaws.com', context: { ...AS_SERVICE, 'aws:SourceArn': trail } };
    expect(policyOf(audited).allows({ ...put, action: 's3:PutObject', on })).toBe(true);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html: versioning first; a bucket that exists can be locked.
  test('is locked once it is versioned, without an argument that would replace a bucket that exists', () => {
    const lock = audited.only('aws_s3_bucket_object_lock_configuration', { bucket: bucket.id });
    expect(lock.depends_on).toContain(audited.only('aws_s3_bucket_versioning', { bucket: bucket.id }).address);
    expect(bucket).not.toHaveProperty('object_lock_enabled');
  });

  test("is protected before the trail begins, so that the trail doesn't report a first deployment as a change", () => {
    const changes = [
      'aws_s3_bucket_lifecycle_configuration',
      'aws_s3_bucket_object_lock_configuration',
      'aws_s3_bucket_policy',
    ];
    const { depends_on } = audited.only('aws_cloudtrail');
    expect(depends_on).toEqual(expect.arrayContaining(changes.map((type) => audited.only(type).address)));
  });
});

describe.each(graph.all<Trail>('aws_cloudtrail'))('$address', (trail) => {
  const bucket = graph.at('aws_s3_bucket', trail.s3_bucket_name);
  const asTrail = { by: 'cloudtrail.amazonaws.com', context: { ...AS_SERVICE, 'aws:SourceArn': trail.arn } };
  const asAnotherTrail = { context: { 'aws:SourceArn': `${trail.arn}-2` } };

  test('may look at its bucket and write below AWSLogs/<account>/, encrypted or as a digest; no other trail may', () => {
    const policy = Policy.of(graph, bucketPolicy(bucket).policy);
    const look = { ...asTrail, action: 's3:GetBucketAcl', on: bucket.arn };
    const put = { ...asTrail, action: 's3:PutObject', on: `${bucket.arn}/AWSLogs/${ACCOUNT}/CloudTrail/log.gz` };
    const encrypted = (algorithm: string) => ({ context: { 's3:x-amz-server-side-encryption': algorithm } });
    expect(policy.allows(look)).toBe(true);
    expect(policy.alsoAllows(put, {}, encrypted('aws:kms'), encrypted('AES256'))).toHaveLength(3);
    expect(policy.alsoAllows(look, asAnotherTrail)).toEqual([]);
    expect(policy.alsoAllows(put, asAnotherTrail, { on: `${bucket.arn}/log.gz` }, encrypted('aws:kms:dsse'))).toEqual(
      [],
    );
  });

  test.each(['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'])(
    'may do %s with its key; no other trail may',
    (action) => {
      const use = { ...asTrail, action, on: trail.kms_key_id };
      expect(keyPolicy(graph, trail.kms_key_id).allows(use)).toBe(true);
      expect(keyPolicy(graph, trail.kms_key_id).alsoAllows(use, asAnotherTrail)).toEqual([]);
    },
  );

  test('is named by the policies of bucket and key, with no trail that does not exist', () => {
    const policies = [Policy.of(graph, bucketPolicy(bucket).policy), keyPolicy(graph, trail.kms_key_id)];
    const named = policies.map((policy) => [...new Set(policy.conditionValues(asTrail.by, 'aws:SourceArn'))]);
    expect(named).toEqual([[trail.arn], [trail.arn]]);
  });

  test('takes a role with which it may write streams of its log group, and of no other', () => {
    const group = graph.at<LogGroup>('aws_cloudwatch_log_group', trail.cloud_watch_logs_group_arn.replace(/:\*$/, ''));
    const role = graph.at<Role>('aws_iam_role', trail.cloud_watch_logs_role_arn);
    const write = { action: 'logs:PutLogEvents', on: `${group.arn}:log-stream:${ACCOUNT}_CloudTrail_${REGION}_2` };
    const policy = Policy.ofRole(graph, role);
    expect(trail.cloud_watch_logs_group_arn).toBe(`${group.arn}:*`);
    expect(
      Policy.of(graph, role.assume_role_policy).allows({ by: asTrail.by, action: 'sts:AssumeRole', on: role.arn }),
    ).toBe(true);
    expect(policy.allows(write)).toBe(true);
    expect(policy.allows({ ...write, action: 'logs:CreateLogStream' })).toBe(true);
    expect(policy.alsoAllows(write, { on: write.on.replace(group.arn, `${group.arn}-2`) })).toEqual([]);
    expect(isAdmittedByKey(graph, group)).toBe(true);
  });

  test('waits until it may write to the bucket', () => {
    expect(trail.depends_on).toContain(bucketPolicy(bucket).address);
  });
});
