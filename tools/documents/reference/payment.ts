import type * as v from 'valibot';
import { FAILURES, PAYMENT_STATUSES, STATUSES } from '../../../src/contract';
import { paymentMessage } from '../../../src/contract/payment-message';
import { code, table } from '../generated';
import { cell } from './api';
import { exportsOf, type Member, propertiesOf } from './declarations';

const RECORDS = ['ProcessingRecord', 'DecidedRecord', 'FailedRecord'];

/** What this module reads of a schema or an action of valibot. */
interface Rule {
  readonly type?: string;
  readonly message?: unknown;
  readonly pipe?: readonly Rule[];
  /** Of an optional one. */
  readonly wrapped?: Rule;
  /** Of a record. */
  readonly value?: Rule;
}

/** The fields in docs/reference/payment-message.md. */
export function messagePage(): string {
  const meanings = membersOf('PaymentMessage');
  return table(
    ['field', 'required', 'rule', 'meaning'],
    Object.entries(paymentMessage.entries).map(([field, schema]) => [
      code(field),
      'wrapped' in schema ? 'no' : 'yes',
      rulesOf(schema).join('; '),
      cell(meanings.find(({ name }) => name === field)!.doc),
    ]),
  );
}

/** The fields and statuses in docs/reference/payment-record.md. */
export function recordPage(): string {
  const fields = new Map<string, { readonly member: Member; readonly statuses: string[] }>();
  for (const record of RECORDS) {
    const members = propertiesOf('contract/payment-record.ts', record);
    const status = members.find(({ name }) => name === 'payment_status')!.type.replaceAll("'", '');
    for (const member of members) {
      const field = fields.get(member.name) ?? { member, statuses: [] };
      field.statuses.push(...status.split(' | '));
      fields.set(member.name, field);
    }
  }
  const ofMessage = membersOf('PaymentMessage').map(({ name }) => name);
  const inOrder = [
    ...ofMessage.filter((name) => fields.has(name)),
    ...[...fields.keys()].filter((name) => !ofMessage.includes(name)),
  ];
  const rows = inOrder.map((name) => {
    const { member, statuses } = fields.get(name)!;
    return [
      code(name),
      name === 'payment_status' ? 'a status' : code(member.type),
      `${member.isOptional ? 'optional, ' : ''}${statuses.length === STATUSES.length ? 'every status' : statuses.map(code).join(', ')}`,
      cell(member.doc),
    ];
  });
  return [
    '## Fields',
    table(['field', 'type', 'in', 'meaning'], rows),
    '## History entries',
    table(
      ['field', 'type', 'meaning'],
      membersOf('HistoryEntry').map(({ name, type, doc, isOptional }) => [
        code(name),
        `${code(type)}${isOptional ? ', optional' : ''}`,
        cell(doc),
      ]),
    ),
    '## Statuses',
    table(
      ['status', 'outcome', "the fraud API's decision", 'metric'],
      STATUSES.map((status) => {
        const facts = PAYMENT_STATUSES[status];
        const decision = 'decision' in facts ? code(facts.decision) : '';
        return [code(status), facts.terminal ? 'yes' : 'no', decision, facts.terminal ? code(facts.metric) : ''];
      }),
    ),
  ].join('\n\n');
}

/** The fields in docs/reference/payment-outcome.md. */
export function outcomePage(): string {
  const rows = membersOf('PaymentOutcome').map(({ name, type, doc, isOptional }) => [
    code(name),
    `${code(type)}${isOptional ? ', optional' : ''}`,
    cell(doc),
  ]);
  return ['## Fields', table(['field', 'type', 'meaning'], rows)].join('\n\n');
}

/** The codes in docs/reference/failure-codes.md. */
export function failureCodesPage(): string {
  return table(
    ['code', 'meaning', 'do this', 'appears in'],
    Object.entries(FAILURES).map(([name, { meaning, nextStep, appearsIn }]) => [
      code(name),
      meaning,
      nextStep,
      appearsIn.join(', '),
    ]),
  );
}

/** The rules that the messages of a schema state, such as "must have at most 140 characters", in short. */
export function rulesOf(schema: v.GenericSchema | Rule): string[] {
  const { type, message, pipe, wrapped, value } = schema as Rule;
  if (pipe !== undefined) return [...new Set(pipe.flatMap(rulesOf))];
  if (wrapped !== undefined) return rulesOf(wrapped);
  if (type === 'record') return [`each key and text: ${rulesOf(value!).join(', ')}`];
  if (typeof message !== 'string') return [];
  return [
    message
      .replace(/^must (be |have |(?=not ))/, '')
      .replace(/^not (be|hold)( a)? /, (_, verb) => (verb === 'be' ? 'not ' : 'no ')),
  ];
}

function membersOf(type: string): readonly Member[] {
  return exportsOf('contract/index.ts').find(({ name }) => name === type)!.members;
}
