import type { AwsEnvironment } from '../aws-environment';
import { condition, type Statement, throughService } from '../policy';
import type { GitHubSettings } from './props';

/** Terraform lists workspaces under this prefix before it reads the state of the default one. */
const WORKSPACES = 'env:/';

interface StatePermissions {
  /** Read the state. A plan writes nothing: it runs without the lock. */
  readonly plan: Statement[];
  /** Additional permissions to apply. */
  readonly apply: Statement[];
}

/** Terraform's documentation of the backend "s3", with `use_lockfile`. */
export function statePermissions(
  { stateBucket, stateKey, stateKmsKeyArn }: GitHubSettings,
  deployment: AwsEnvironment,
): StatePermissions {
  const bucket = deployment.bucketArn(stateBucket);
  const state = `${bucket}/${stateKey}`;
  const lockKey = `${stateKey}.tflock`;
  const lock = `${bucket}/${lockKey}`;
  const key = (sid: string, action: string): Statement[] =>
    stateKmsKeyArn === undefined
      ? []
      : [
          {
            sid,
            actions: [action],
            resources: [stateKmsKeyArn],
            // The bucket may be in another region than the pipeline.
            condition: [condition('StringLike', 'kms:ViaService', ...throughService('s3', '*'))],
          },
        ];
  return {
    plan: [
      {
        sid: 'FindState',
        actions: ['s3:ListBucket'],
        resources: [bucket],
        condition: [condition('StringEquals', 's3:prefix', stateKey, lockKey, WORKSPACES)],
      },
      { sid: 'ReadState', actions: ['s3:GetObject'], resources: [state] },
      ...key('ReadWithStateKey', 'kms:Decrypt'),
    ],
    apply: [
      { sid: 'WriteState', actions: ['s3:PutObject'], resources: [state] },
      { sid: 'HoldLock', actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: [lock] },
      ...key('WriteWithStateKey', 'kms:GenerateDataKey'),
    ],
  };
}
