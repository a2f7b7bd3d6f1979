import * as at from '../addresses';
import type { Row } from '../row';

const DOCUMENT = 'payments_audit_bucket_permissions';
const OBJECTS = `${at.BUCKET}.arn/*`;
const OWN_OBJECTS = `${at.BUCKET}.arn/AWSLogs/ACCOUNT_ID/*`;
const HEADER = 's3:x-amz-server-side-encryption';
const ROOT = 'arn:aws:iam::ACCOUNT_ID:root';
const TRAIL_ARN = 'arn:aws:cloudtrail:ap-southeast-1:ACCOUNT_ID:trail/cloudtrail-payment-processing-dev';

const EVERYBODY = [{ type: '*', identifiers: ['*'] }];
const is = (test: string, variable: string, ...values: string[]) => ({ test, variable, values });

/** S3 Storage for Audit Logs: the bucket policy. */
export const bucketPolicy: readonly Row[] = [
  {
    demand: 'A bucket policy',
    met: 'As asked, for root, CloudTrail and flow logs, and no other principal; it waits for the access block, as S3 refuses two changes at a time.',
    resources: [at.BUCKET_POLICY, at.documentOf(DOCUMENT)],
    shows: (stack) => {
      expect(stack.at(at.BUCKET_POLICY)).toMatchObject({
        bucket: `${at.BUCKET}.id`,
        policy: `${at.documentOf(DOCUMENT)}.json`,
        depends_on: [at.BUCKET_ACCESS],
      });
      const byService = ['s3:GetBucketAcl', 's3:ListBucket', 's3:PutObject'];
      expect(stack.admitted(DOCUMENT)).toEqual({
        [ROOT]: ['s3:*'],
        'cloudtrail.amazonaws.com': ['s3:GetBucketAcl', 's3:PutObject'],
        'vpc-flow-logs.amazonaws.com': byService,
        'delivery.logs.amazonaws.com': byService,
      });
    },
  },
  {
    demand: 'The bucket policy denies unencrypted uploads',
    met: 'Denied to all but AWS services without `aws:kms`, and to everyone when the header names another encryption than KMS or AES256: the plain denial would break CloudTrail and log delivery. Plain HTTP is denied as well.',
    deviation: 'D6',
    resources: [at.documentOf(DOCUMENT)],
    shows: (stack) => {
      const denials = stack.statements(DOCUMENT).filter(({ effect }) => effect === 'Deny');
      expect(
        denials.map(({ actions, resources, principals, condition }) => ({ actions, resources, principals, condition })),
      ).toEqual([
        {
          actions: ['s3:PutObject'],
          resources: [OBJECTS],
          principals: EVERYBODY,
          condition: [is('StringNotEquals', HEADER, 'aws:kms'), is('Bool', 'aws:PrincipalIsAWSService', 'false')],
        },
        {
          actions: ['s3:PutObject'],
          resources: [OBJECTS],
          principals: EVERYBODY,
          condition: [is('Null', HEADER, 'false'), is('StringNotEquals', HEADER, 'aws:kms', 'AES256')],
        },
        {
          actions: ['s3:*'],
          resources: [`${at.BUCKET}.arn`, OBJECTS],
          principals: EVERYBODY,
          condition: [is('Bool', 'aws:SecureTransport', 'false')],
        },
      ]);
    },
  },
  {
    demand: 'The bucket policy allows root account access',
    met: 'As asked.',
    resources: [at.documentOf(DOCUMENT)],
    shows: (stack) => {
      expect(stack.admission(DOCUMENT, ROOT)).toMatchObject({
        actions: ['s3:*'],
        resources: [`${at.BUCKET}.arn`, OBJECTS],
        principals: [{ type: 'AWS', identifiers: [ROOT] }],
      });
    },
  },
  {
    demand: 'The bucket policy admits vpc-flow-logs.amazonaws.com',
    met: "It, and `delivery.logs.amazonaws.com`, which is the one that delivers, in AWS's own statements: AWS would append or overwrite others. For this account only.",
    deviation: 'D7',
    resources: [at.documentOf(DOCUMENT)],
    shows: (stack) => {
      const fromAccount = [
        is('StringEquals', 'aws:SourceAccount', 'ACCOUNT_ID'),
        is('ArnLike', 'aws:SourceArn', 'arn:aws:logs:ap-southeast-1:ACCOUNT_ID:*'),
      ];
      for (const service of ['vpc-flow-logs.amazonaws.com', 'delivery.logs.amazonaws.com']) {
        const writes = stack.admission(DOCUMENT, service, 's3:PutObject');
        expect(writes).toMatchObject({
          actions: ['s3:PutObject'],
          resources: [OWN_OBJECTS],
          principals: [{ type: 'Service', identifiers: [service] }],
        });
        expect(writes.condition).toEqual([
          ...fromAccount,
          is('StringEquals', 's3:x-amz-acl', 'bucket-owner-full-control'),
        ]);
        const looks = stack.admission(DOCUMENT, service, 's3:GetBucketAcl');
        expect(looks).toMatchObject({
          actions: ['s3:GetBucketAcl', 's3:ListBucket'],
          resources: [`${at.BUCKET}.arn`],
          principals: [{ type: 'Service', identifiers: [service] }],
        });
        expect(looks.condition).toEqual(fromAccount);
      }
    },
  },
  {
    demand: 'The bucket policy admits cloudtrail.amazonaws.com',
    met: "As asked, for this account's trail only.",
    resources: [at.documentOf(DOCUMENT)],
    shows: (stack) => {
      const fromTrail = is('ArnEquals', 'aws:SourceArn', TRAIL_ARN);
      const writes = stack.admission(DOCUMENT, 'cloudtrail.amazonaws.com', 's3:PutObject');
      expect(writes).toMatchObject({
        resources: [OWN_OBJECTS],
        principals: [{ type: 'Service', identifiers: ['cloudtrail.amazonaws.com'] }],
      });
      expect(writes.condition).toEqual([fromTrail, is('StringEquals', 's3:x-amz-acl', 'bucket-owner-full-control')]);
      const looks = stack.admission(DOCUMENT, 'cloudtrail.amazonaws.com', 's3:GetBucketAcl');
      expect(looks).toMatchObject({
        resources: [`${at.BUCKET}.arn`],
        principals: [{ type: 'Service', identifiers: ['cloudtrail.amazonaws.com'] }],
      });
      expect(looks.condition).toEqual([fromTrail]);
    },
  },
];
