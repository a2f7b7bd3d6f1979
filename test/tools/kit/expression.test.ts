import {
  splitTemplate,
  translateExpression,
  translateTemplate,
  type Translate,
} from '../../../tools/kit/stacks/expression';

const translate: Translate = (path) =>
  path[0] === 'random_uuid' && path[1] === 'id' ? `terraform_data.${path.slice(1).join('.')}` : undefined;

test.each([
  ['a whole value', '${random_uuid.id.result}', '${terraform_data.id.result}'],
  [
    'within text, twice',
    'a-${random_uuid.id.result}-${random_uuid.id.result}',
    'a-${terraform_data.id.result}-${terraform_data.id.result}',
  ],
  [
    'an argument',
    '${jsonencode({"a" = [random_uuid.id.result, 1]})}',
    '${jsonencode({"a" = [terraform_data.id.result, 1]})}',
  ],
  ['a template in a template', '${upper("x ${random_uuid.id.result}")}', '${upper("x ${terraform_data.id.result}")}'],
  ['behind a quoted quote and brace', '${f("\\"}", random_uuid.id.result)}', '${f("\\"}", terraform_data.id.result)}'],
  ['behind an object', '${merge({}, { a = {} }, random_uuid.id)}', '${merge({}, { a = {} }, terraform_data.id)}'],
  ['an index', '${var.names[random_uuid.id.result]}', '${var.names[terraform_data.id.result]}'],
  [
    'a directive',
    '%{ if random_uuid.id.result != "" }yes%{ endif }',
    '%{ if terraform_data.id.result != "" }yes%{ endif }',
  ],
  ['spread arguments', '${concat(random_uuid.id...)}', '${concat(terraform_data.id...)}'],
])('%s', (_what, template, expected) => {
  expect(translateTemplate(template, translate)).toBe(expected);
});

test.each([
  ['plain text', 'random_uuid.id.result'],
  ['an escaped marker', '$${random_uuid.id.result} %%{random_uuid.id.result}'],
  ['a quoted text', '${upper("random_uuid.id.result")}'],
  ['a longer id', '${random_uuid.id_2.result} ${random_uuid.id-2.result}'],
  ['a longer type', '${my_random_uuid.id.result}'],
  ['an attribute of that name', '${local.random_uuid.id.result} ${f().random_uuid.id}'],
  ['an unfinished template', '${random_uuid'],
])('kept: %s', (_what, template) => {
  expect(translateTemplate(template, translate)).toBe(template);
});

test('an expression is one without any marker', () => {
  expect(translateExpression('random_uuid.id', translate)).toBe('terraform_data.id');
  expect(translateExpression('aws_sqs_queue.id', translate)).toBe('aws_sqs_queue.id');
});

test('a template is split into its literal texts and its expressions', () => {
  expect(splitTemplate('a $${b} ${f("}", {})}${c}%{ if d }')).toEqual([
    'a $${b} ',
    '${f("}", {})}',
    '${c}',
    '%{ if d }',
  ]);
  expect(splitTemplate('')).toEqual([]);
  expect(splitTemplate('${a')).toEqual(['${a']);
});
