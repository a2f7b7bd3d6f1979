import { bucketArn } from '../aws-environment';
import { condition, type Statement } from '../policy';
import type { GitHubSettings } from './props';

/** Terraform looks for workspaces there before it reads the state of the one that is always there. */
const WORKSPACES = 'env:/';

interface StateRights {
  /** To read the state, and to hold the lock meanwhile: all that a plan writes. */
  readonly plan: Statement[];
  /** What applying needs besides. */
  readonly apply: Statement[];
}

/** Terraform's documentation of the backend "s3", with `use_lockfile`. */
export function stateRights({ stateBucket, stateKey, stateKmsKeyArn }: GitHubSettings): StateRights {
  const bucket = bucketArn(stateBucket);
  const state = `${bucket}/${stateKey}`;
  const lockKey = `${stateKey}.tflock`;
  const lock = `${bucket}/${lockKey}`;
  return {
    plan: [
      {
        sid: 'FindState',
        actions: ['s3:ListBucket'],
        resources: [bucket],
        condition: [condition('StringEquals', 's3:prefix', stateKey, lockKey, WORKSPACES)],
      },
      { sid: 'ReadState', actions: ['s3:GetObject'], resources: [state] },
      { sid: 'HoldLock', actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: [lock] },
      ...(stateKmsKeyArn === undefined
        ? []
        : [
            {
              sid: 'UseStateKey',
              actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
              resources: [stateKmsKeyArn],
              // A bucket's region need not be the pipeline's.
              condition: [condition('StringLike', 'kms:ViaService', 's3.*.amazonaws.com')],
            },
          ]),
    ],
    apply: [{ sid: 'WriteState', actions: ['s3:PutObject'], resources: [state] }],
  };
}
