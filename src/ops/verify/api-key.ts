import { type Check, defineCheck } from './check';
import { paymentProcessor, variablesOf } from './functions';
import { defineRead } from './read';

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

export const API_KEY_CHECKS: readonly Check[] = [
  defineCheck({
    name: "Fraud API's key: the secret exists, if it has one",
    needs: { secret },
    judge: (found) => {
      const { DeletedDate, ARN = '', VersionIdsToStages = {} } = found.secret ?? {};
      if (DeletedDate !== undefined)
        return [
          {
            found: `The secret ${ARN} is deleted on ${DeletedDate.toISOString()}: the processor cannot read it.`,
            whatToDo: `aws secretsmanager restore-secret --secret-id ${ARN}`,
          },
        ];
      const hasValue = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
      return found.secret === undefined || hasValue
        ? []
        : [{ found: `The secret ${ARN} has no value.`, whatToDo: 'Store the key: docs/how-to/rotate-the-api-key.md.' }];
    },
  }),
];
