import { evaluate, TerraformExpressionError } from '../../../tools/kit/stacks/evaluate';

const VALUES: Readonly<Record<string, unknown>> = {
  'var.environment': 'dev',
  'var.days': 14,
  'var.reserve': false,
  'aws_sqs_queue.dead.arn': 'arn:aws:sqs:::dead',
};
const scope = (path: readonly string[]) => VALUES[path.join('.')];

test.each<[what: string, value: unknown, result: unknown]>([
  ['plain text', 'payment-processing.fifo', 'payment-processing.fifo'],
  ['an empty text', '', ''],
  ['a reference, with its own type', '${var.days}', 14],
  ['a reference within text', 'payment-status-${var.environment}', 'payment-status-dev'],
  ['two references', '${var.environment}-${var.days}', 'dev-14'],
  ['arithmetic', '${(var.days * 86400)}', 1_209_600],
  ['a condition', '${var.reserve ? 50 : -1}', -1],
  [
    'jsonencode',
    '${jsonencode({"target" = aws_sqs_queue.dead.arn, "count" = 3, "list" = [var.days]})}',
    '{"target":"arn:aws:sqs:::dead","count":3,"list":[14]}',
  ],
  ['what is escaped', 'https://h/$${tenant}?a=%%{if}&$$${b}', 'https://h/${tenant}?a=%{if}&$${b}'],
  [
    'quoted texts, with a brace, a quote, a backslash and an escaped marker in them',
    '${jsonencode(["}\\"", "\\\\", "$${var.days}"])} and ${"}"}',
    String.raw`["}\"","\\","${'$'}{var.days}"] and }`,
  ],
  [
    'a text that resembles a member of an object',
    '${jsonencode({"target" = "queue, days = 3"})}',
    '{"target":"queue, days = 3"}',
  ],
  ['a condition within an object', '${jsonencode({a = var.reserve ? 1 : 2, b = 3})}', '{"a":2,"b":3}'],
  ['a comparison', '${var.days == 14 ? "two weeks" : ""}', 'two weeks'],
  ['a part of a text', '${join("/", ["x", element(split(":", aws_sqs_queue.dead.arn), 1)])}', 'x/aws'],
  ['the first value that is not empty', '${coalesce("", null, var.environment, "other")}', 'dev'],
  ['any depth', { a: [{ b: '${var.environment}' }], c: null, d: true }, { a: [{ b: 'dev' }], c: null, d: true }],
])('%s', (_what, value, result) => {
  expect(evaluate(value, scope)).toEqual(result);
});

test.each([
  '${file("secret")}',
  '${var.days > 14}',
  '${element(var.environment, 0)}',
  '${!var.reserve}',
  '${var.days',
  '%{ if var.reserve }',
])('%s is refused by name', (expression) => {
  expect(() => evaluate(expression, scope)).toThrow(TerraformExpressionError);
  expect(() => evaluate(expression, scope)).toThrow(expression);
});
