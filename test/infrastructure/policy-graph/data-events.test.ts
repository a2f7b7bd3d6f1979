import { PaymentPipeline } from '../../../src';
import { someProps } from '../../../tools/kit/stacks/pipeline-props';
import { ACCOUNT, arn, type Resource, StackGraph } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { synthesize } from '../../../tools/kit/stacks/synthesize';

type Field = { readonly field: string } & Readonly<Partial<Record<Operator, readonly string[]>>>;
type Operator = 'equals' | 'starts_with' | 'not_starts_with';

interface Trail extends Resource {
  readonly event_selector?: readonly object[];
  readonly advanced_event_selector?: readonly { readonly field_selector: readonly Field[] }[];
}

/** An event by the fields that selectors name. */
type Event = Readonly<Record<string, string>>;

const trailOf = (graph: StackGraph) => graph.only<Trail>('aws_cloudtrail');

/**
 * Whether CloudTrail records the event. "The operators function as ORs" for the values that a field may have, as ANDs for those that it may
 * not, and fields are ANDed: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html. The fields that it takes, with
 * `userIdentity.arn`: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
function records(trail: Trail, event: Event): boolean {
  return trail.advanced_event_selector!.some(({ field_selector: fields }) =>
    fields.every(({ field, equals, starts_with, not_starts_with }) => {
      const value = event[field];
      if (equals !== undefined) return value !== undefined && equals.includes(value);
      if (starts_with !== undefined) return starts_with.some((start) => value?.startsWith(start));
      return not_starts_with!.every((start) => value?.startsWith(start) !== true);
    }),
  );
}

const session = (role: string) => ({ 'userIdentity.arn': `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session` });
const data = (type: string, on: string, readOnly: boolean) => ({
  eventCategory: 'Data',
  'resources.type': type,
  'resources.ARN': on,
  readOnly: String(readOnly),
});
const tableWrite = (table = 'payment-status-dev') =>
  data('AWS::DynamoDB::Table', arn('dynamodb', `table/${table}`), false);
const invocation = (name = 'lambda-dlq-processor-dev') =>
  data('AWS::Lambda::Function', arn('lambda', `function:${name}`), false);
const BUCKET = `arn:aws:s3:::s3-audit-logs-dev-${ACCOUNT}`;
const objectRead = (bucket = BUCKET) => data('AWS::S3::Object', `${bucket}/AWSLogs/log.gz`, true);
const PERSON = session('operator');
const PROCESSOR = session('iam-role-payment-processor-dev');
const DLQ_PROCESSOR = session('iam-role-dlq-processor-dev');

const RECORDED: readonly (readonly [what: string, event: Event])[] = [
  ['a management event', { eventCategory: 'Management', readOnly: 'false' }],
  ['a write to the table by a person', { ...tableWrite(), ...PERSON }],
  ['a write by the root user', { ...tableWrite(), 'userIdentity.arn': `arn:aws:iam::${ACCOUNT}:root` }],
  ['a write by a role whose name begins the same', { ...tableWrite(), ...session('iam-role-payment-processor-dev-2') }],
  ['an invocation of the DLQ processor', { ...invocation(), ...PERSON }],
  ["a person's read of an audit object", { ...objectRead(), ...PERSON }],
  ["a person's upload of an audit object", { ...objectRead(), ...PERSON, readOnly: 'false' }],
];

const NOT_RECORDED: readonly (readonly [what: string, event: Event])[] = [
  ['a write by the payment processor', { ...tableWrite(), ...PROCESSOR }],
  ['a write by the DLQ processor', { ...tableWrite(), ...DLQ_PROCESSOR }],
  ['a read of the table', { ...tableWrite(), ...PERSON, readOnly: 'true' }],
  ["a write to another's table", { ...tableWrite('payment-status-dev-2'), ...PERSON }],
  ['an invocation of the payment processor', { ...invocation('lambda-payment-processor-dev'), ...PROCESSOR }],
  // An AWS service has `invokedBy` and no ARN: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  ["the trail's own delivery, which would cause the next", { ...objectRead(), readOnly: 'false' }],
  ["a read of another's object", { ...objectRead(`${BUCKET}-2`), ...PERSON }],
];

describe('the trail of the production profile', () => {
  const trail = trailOf(readGraph('everyAlarm'));

  test.each(RECORDED)('records %s', (_, event) => {
    expect(records(trail, event)).toBe(true);
  });

  test.each(NOT_RECORDED)('does not record %s', (_, event) => {
    expect(records(trail, event)).toBe(false);
  });

  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html: one kind of selectors or the other.
  test('has no basic selector, which CloudTrail refuses beside advanced ones', () => {
    expect(trail.event_selector).toBeUndefined();
  });
});

test('the trail of the dev profile records management events only', () => {
  const { event_selector, advanced_event_selector } = trailOf(readGraph('pipeline'));
  expect([event_selector, advanced_event_selector]).toEqual([
    [{ include_management_events: true, read_write_type: 'All' }],
    undefined,
  ]);
});

describe('dataEvents', () => {
  const trailWith = (props: object) =>
    trailOf(new StackGraph(synthesize((stack) => new PaymentPipeline(stack, 'payments', someProps(props))).json));

  test.each([
    ['tableWrites', { ...tableWrite(), ...PERSON }],
    ['dlqInvocations', { ...invocation(), ...PERSON }],
    ['auditObjects', { ...objectRead(), ...PERSON }],
  ])('turns %s off in production and on in dev, alone', (name, event) => {
    const off = trailWith({ profile: 'production', dataEvents: { [name]: false } });
    const on = trailWith({ dataEvents: { [name]: true } });
    const [others, one] = [
      RECORDED.filter(([, { 'resources.type': type }]) => type !== event['resources.type']),
      event,
    ];
    expect([records(off, one), records(on, one)]).toEqual([false, true]);
    expect(others.map(([, other]) => records(off, other))).toEqual(others.map(() => true));
    expect(others.map(([, other]) => records(on, other))).toEqual(
      others.map(([, { eventCategory }]) => eventCategory === 'Management'),
    );
  });
});

describe('a trail that two pipelines share', () => {
  const trail = trailOf(readGraph('sharingProduction'));

  test('covers both tables and functions', () => {
    for (const event of [tableWrite('payment-status-payouts'), invocation('lambda-dlq-processor-payouts')])
      expect(records(trail, { ...event, ...PERSON })).toBe(true);
    expect(RECORDED.map(([, event]) => records(trail, event))).toEqual(RECORDED.map(() => true));
  });

  test("knows each pipeline's functions; one that writes to the other's table is foreign", () => {
    const OTHERS = session('iam-role-payment-processor-payouts');
    expect(records(trail, { ...tableWrite('payment-status-payouts'), ...OTHERS })).toBe(false);
    expect(records(trail, { ...tableWrite(), ...OTHERS })).toBe(true);
  });
});
