import type { KMS } from '@aws-sdk/client-kms';
import { trail } from './audit';
import { type Check, defineCheck, DEPLOY_AGAIN, type Finding } from './check';
import { paymentTable } from './payment-table';
import { paymentQueue } from './queues';
import { defineRead, type Found, type Needs, ResourceFault } from './read';

interface KeyUser<N extends Needs> {
  /** What the key encrypts. */
  readonly what: string;
  readonly needs: N;
  readonly keyOf: (found: Found<N>) => string | undefined;
}

export const KEY_CHECKS: readonly Check[] = [
  keyCheck({
    what: 'queues and alert topic',
    needs: { paymentQueue },
    keyOf: (found) => found.paymentQueue.KmsMasterKeyId,
  }),
  keyCheck({
    what: 'payment table and logs',
    needs: { paymentTable },
    keyOf: (found) => found.paymentTable.SSEDescription?.KMSMasterKeyArn,
  }),
  keyCheck({ what: 'audit trail', needs: { trail }, keyOf: (found) => found.trail.KmsKeyId }),
];

function keyCheck<N extends Needs>({ what, needs, keyOf }: KeyUser<N>): Check {
  const about = <T>(action: string, send: (kms: KMS, KeyId: string) => Promise<T>) =>
    defineRead({
      action,
      subject: () => `key of ${what}`,
      needs,
      send: ({ kms }, found: Found<N>) => {
        const key = keyOf(found);
        if (key === undefined) throw new ResourceFault(`No key encrypts ${what}.`, DEPLOY_AGAIN);
        return send(kms, key);
      },
    });
  return defineCheck({
    name: `Key of ${what}: enabled, rotated`,
    needs: {
      key: about('kms:DescribeKey', (kms, KeyId) => kms.describeKey({ KeyId })),
      rotation: about('kms:GetKeyRotationStatus', (kms, KeyId) => kms.getKeyRotationStatus({ KeyId })),
    },
    judge: ({ key: { KeyMetadata }, rotation: { KeyRotationEnabled } }): readonly Finding[] => {
      const { KeyId = '', KeyState = 'unknown' } = KeyMetadata ?? {};
      if (KeyState !== 'Enabled') return [stateFinding(KeyId, KeyState)];
      return KeyRotationEnabled === true
        ? []
        : [{ found: `KMS does not rotate the key ${KeyId}.`, whatToDo: DEPLOY_AGAIN }];
    },
  });
}

export function stateFinding(key: string, state: string): Finding {
  const commands = [
    ...(state === 'PendingDeletion' ? [`aws kms cancel-key-deletion --key-id ${key}`] : []),
    `aws kms enable-key --key-id ${key}`,
  ];
  return {
    found: `The key ${key} is ${state}: its services fail.`,
    whatToDo: `Follow docs/runbooks/key-changes.md: ${commands.join(', then ')}`,
  };
}
