import { mask, secretsIn } from '../../../tools/plan-review/mask';
import { readPlanFile } from '../../../tools/plan-review/plan-file';
import { planJson } from '../../../tools/plan-review/fixtures/plans';

test.each([
  ['arn:aws:iam::123456789012:role/apply', 'arn:aws:iam::(account):role/apply'],
  ['s3-audit-logs-dev-123456789012', 's3-audit-logs-dev-(account)'],
  ['logs_123456789012_x', 'logs_(account)_x'],
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/q', 'https://sqs.eu-west-1.amazonaws.com/(account)/q'],
  ['endpoint = "on.call+pay@mail.example.com"', 'endpoint = "(email)"'],
  ['key AKIAIOSFODNN7EXAMPLE.', 'key (access key).'],
])('%s is masked', (text, masked) => {
  expect(mask(text)).toBe(masked);
});

test.each(['1234567890123', '12345678901', 'a123456789012', '999999999999f', 'vpc-0a12'])('%s is left', (text) => {
  expect(mask(text)).toBe(text);
});

test('what a resource or a variable marks as sensitive is masked wherever it stands', () => {
  const plan = readPlanFile(
    planJson({
      changes: [
        {
          after: { password: 'hunter2-password', rules: [{ token: 'hunter2-token', name: 'public' }], on: 'true' },
          sensitive: { password: true, rules: [{ token: true }], on: true },
        },
      ],
      variables: { key: ['hunter2-variable'], open: 'open-variable' },
      sensitiveVariables: ['key'],
    }),
  );

  expect(secretsIn(plan)).toEqual(['hunter2-variable', 'hunter2-password', 'hunter2-token']);
  expect(mask('URL: https://x:hunter2-password@host/hunter2-token', secretsIn(plan))).toBe(
    'URL: https://x:(sensitive)@host/(sensitive)',
  );
});

test('one long word, as a policy in a plan may be, takes no time of its own', () => {
  const word = 'x'.repeat(200_000);
  const began = Date.now();
  expect(mask(word)).toBe(word);
  expect(Date.now() - began).toBeLessThan(2_000); // some 10 ms; 20 s when each letter begins another search
});
