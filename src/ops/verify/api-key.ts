import { type Check, defineCheck } from './check';
import { paymentProcessor, variablesOf } from './functions';
import { stateFinding } from './keys';
import { defineRead } from './read';
import { refusalsOf } from './roles';

/** The secret of the fraud API's key, never its value. Undefined: the fraud API asks for none. */
const secret = defineRead({
  action: 'secretsmanager:DescribeSecret',
  subject: () => "secret of the fraud API's key",
  needs: { paymentProcessor },
  send: async ({ secretsManager }, found) => {
    const SecretId = variablesOf(found.paymentProcessor).FRAUD_API_KEY_SECRET_ARN;
    return SecretId === undefined ? undefined : secretsManager.describeSecret({ SecretId });
  },
});

/** The customer-managed key that encrypts the secret. Undefined: AWS manages it, and lets everyone in the AWS account use it. */
const encryptionKey = defineRead({
  action: 'kms:DescribeKey',
  subject: () => "key of the fraud API's secret",
  needs: { secret },
  send: async ({ kms }, found) => {
    const KeyId = found.secret?.KmsKeyId; // an id or an alias, too
    const { KeyMetadata } = KeyId === undefined ? {} : await kms.describeKey({ KeyId });
    return KeyMetadata?.KeyManager === 'AWS' ? undefined : KeyMetadata;
  },
});

/** Secrets Manager decrypts in the name of the caller: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const refusals = defineRead({
  action: 'iam:SimulatePrincipalPolicy',
  subject: () => 'role of the payment processor',
  needs: { paymentProcessor, encryptionKey },
  send: async ({ iam }, { paymentProcessor: { Role = '' }, encryptionKey: key }) =>
    key?.Arn === undefined ? [] : refusalsOf(iam, Role, { resource: key.Arn, actions: ['kms:Decrypt'] }),
});

export const API_KEY_CHECKS: readonly Check[] = [
  defineCheck({
    name: "Fraud API's key: readable, if it has one",
    needs: { secret, encryptionKey, refusals },
    judge: (found) => {
      if (found.secret === undefined) return [];
      const { DeletedDate, ARN = '', VersionIdsToStages = {} } = found.secret;
      if (DeletedDate !== undefined)
        return [
          {
            found: `The secret ${ARN} is deleted on ${DeletedDate.toISOString()}: the processor cannot read it.`,
            whatToDo: `aws secretsmanager restore-secret --secret-id ${ARN}`,
          },
        ];
      const { KeyId = '', KeyState = 'Enabled' } = found.encryptionKey ?? {};
      const hasValue = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
      return [
        ...(hasValue
          ? []
          : [
              {
                found: `The secret ${ARN} has no value.`,
                whatToDo: 'Store the key: docs/how-to/rotate-the-api-key.md.',
              },
            ]),
        ...(KeyState === 'Enabled' ? [] : [stateFinding(KeyId, KeyState)]),
        ...found.refusals.map(({ action, resource, because }) => ({
          found: `${action} on ${resource}, which encrypts the secret, is refused to the processor (${because}).`,
          whatToDo: 'Set fraud_api_key_kms_key_arn, or the prop apiKeyKmsKeyArn, to that key, and deploy again.',
        })),
      ];
    },
  }),
];
