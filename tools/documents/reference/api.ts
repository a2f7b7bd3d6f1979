import { FAILURES, type FailureCode } from '../../../src/contract';
import { type PipelineRow, PROPS } from '../../../src/infrastructure/prop-definitions';
import { type Declared, type Doc, exportsOf, type Member } from './declarations';
import { code, table } from '../generated';

/** What the package's main entry exports, constructs before their options. */
const CONSTRUCT = [
  ...['PaymentPipeline', 'PaymentPipelineProps', 'FraudApi', 'FraudApiOptions', 'PrivateLinkOptions'],
  ...[
    'exportOutputs',
    'Metric',
    'Network',
    'ExistingNetwork',
    'ExistingNetworkProps',
    'NetworkEgress',
    'Encryption',
    'Audit',
    'Alerting',
    'KeyChangeAlerts',
  ],
  ...['GitHubDeployRoles', 'GitHubDeployRolesProps'],
];
/** Fields that every result has. */
const OF_EVERY_RESULT = ['payment', 'status', 'code'];

/** docs/reference/construct.md. @throws Error when a docstring names another default than the prop has */
export function constructPage(): string {
  const declared = exportsOf('index.ts');
  checkDefaults(declared.find(({ name }) => name === 'PaymentPipelineProps')!.members);
  const rest = declared.filter(({ name }) => !CONSTRUCT.includes(name));
  return [...CONSTRUCT.map((name) => declared.find((one) => one.name === name)!), ...rest].map(section).join('\n\n');
}

/** docs/reference/producer.md */
export function producerPage(): string {
  const declared = exportsOf('producer/index.ts');
  const isResult = ({ members }: Declared) => members.some(({ name }) => name === 'payment');
  const results = declared.filter(isResult);
  const others = declared.filter((one) => !isResult(one) && one.name !== 'PaymentMessage');
  const fields = results.flatMap(({ name, members }) =>
    members
      .filter((member) => !OF_EVERY_RESULT.includes(member.name))
      .map((member) => [code(`${name}.${member.name}`), code(member.type), cell(member.doc)]),
  );
  return [
    ...others.filter(({ kind }) => kind !== 'type').map(section),
    '## Results',
    'Each result has the `payment`, a `status` and, unless it is accepted, a `code`.',
    table(
      ['status', 'code', 'type', 'meaning'],
      results.map(resultRow).sort(([one = ''], [other = '']) => one.localeCompare(other)),
    ),
    'The other fields:',
    table(['field', 'type', 'meaning'], fields),
    '## Types',
    table(
      ['type', 'definition', 'meaning'],
      others
        .filter(({ kind }) => kind === 'type')
        .map(({ name, definition, doc }) => [code(name), code(definition!), cell(doc)]),
    ),
    '## The contract',
    'The exports of `cdktf-payment-pipeline/contract`, which the pipeline itself uses:',
    table(
      ['export', 'kind', 'meaning'],
      exportsOf('contract/index.ts').map(({ name, kind, definition, doc }) => [
        code(kind === 'function' ? definition! : name),
        kind,
        cell(doc),
      ]),
    ),
  ].join('\n\n');
}

function resultRow({ name, doc, members }: Declared): string[] {
  const valuesOf = (field: string) =>
    members
      .filter((member) => member.name === field)
      .flatMap(({ type }) => type.split(' | '))
      .map((value) => value.slice(1, -1));
  const codes = valuesOf('code').filter(
    (one) => !isFailureCode(one) || FAILURES[one].appearsIn.includes('send result'),
  );
  return [valuesOf('status').map(code).join(), codes.map(code).join(', '), code(name), cell(doc)];
}

function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURES, text);
}

/** A heading, the docstring, and tables of properties and methods. */
function section({ name, kind, doc, definition, creation, members }: Declared): string {
  const properties = members.filter((member) => member.kind === 'property');
  const methods = members.filter((member) => member.kind === 'method');
  const hasDefaults = name.endsWith('Props') || members.some((member) => member.doc.default !== undefined);
  const head = hasDefaults ? ['property', 'type', 'default', 'meaning'] : ['property', 'type', 'meaning'];
  return [
    `## ${name}`,
    ...(kind === 'function' ? [`\`${definition!}\``] : []),
    [doc.text, ...(kind === 'function' ? doc.details : [])].join(' '),
    ...(creation === undefined ? [] : [`Create one with \`${creation.type}\`. ${creation.doc.details.join(' ')}`]),
    ...(properties.length === 0
      ? []
      : [
          table(
            head,
            properties.map((one) => propertyRow(one, hasDefaults)),
          ),
        ]),
    ...(methods.length === 0
      ? []
      : [
          table(
            ['method', 'meaning'],
            methods.map(({ type, doc: its }) => [code(type), cell(its)]),
          ),
        ]),
  ].join('\n\n');
}

function propertyRow({ name, type, doc, isOptional }: Member, withDefault: boolean): string[] {
  const initial = isOptional
    ? (doc.default ?? 'none').replace(/^('[^']*'|\d+|true|false|\[[^\]]*\])(?=,|$)/, '`$1`')
    : 'required';
  const linked = CONSTRUCT.includes(type) ? `[${code(type)}](#${type.toLowerCase()})` : code(type);
  return [code(name), linked, ...(withDefault ? [initial] : []), cell(doc)];
}

/** @throws Error when the docstring of a prop of the pipeline names another default than the prop has */
export function checkDefaults(props: readonly Member[]): void {
  for (const { name, doc } of props) {
    const value = (PROPS as Readonly<Record<string, PipelineRow>>)[name]!.default;
    const literal = typeof value === 'string' ? `'${value}'` : String(value);
    if (['string', 'number', 'boolean'].includes(typeof value) && doc.default?.split(/,? /)[0] !== literal)
      throw new Error(`The docstring of ${name} says that its default is ${doc.default}, but it is ${literal}.`);
  }
}

/** @throws Error when there is no docstring */
export function cell({ of, text, details }: Doc): string {
  if (text === '' && details.length === 0) throw new Error(`${of} has no docstring.`);
  return [text.replaceAll('\n\n', ' '), ...details].filter(Boolean).join(' ');
}
