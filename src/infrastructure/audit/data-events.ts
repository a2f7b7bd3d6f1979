import type {
  CloudtrailAdvancedEventSelector,
  CloudtrailAdvancedEventSelectorFieldSelector,
} from '@cdktf/provider-aws/lib/cloudtrail';
import { DATA_EVENTS } from '../../contract/deployed-settings';
import type { AwsEnvironment } from '../aws-environment';
import { profileNamed } from '../profile';
import { isObject } from '../prop-rules';
import type { Names } from '../resource-names';

/** Whether the trail records each data event: the prop `dataEvents`. */
export type DataEvents = Readonly<Record<(typeof DATA_EVENTS)[number], boolean>>;

/** The data events that the trail of a pipeline with these settings records. What the props' rules refuse counts as not given. */
export function recordedEvents({
  profile,
  dataEvents,
}: {
  readonly profile: string;
  readonly dataEvents: Partial<DataEvents>;
}): DataEvents {
  const isRecorded = profileNamed(profile).dataEvents;
  const given = isObject(dataEvents) ? dataEvents : {};
  return Object.fromEntries(DATA_EVENTS.map((event) => [event, given[event] ?? isRecorded])) as DataEvents;
}

export interface EventSources {
  readonly events: readonly (keyof DataEvents)[];
  readonly bucketArn: string;
  readonly deployment: AwsEnvironment;
  /** The names of the pipelines whose tables and functions the trail covers. */
  readonly pipelines: readonly Names[];
}

/**
 * Selects all management events, and the data events. CloudTrail joins the fields of a selector with "and", values of a field with "or",
 * and values that a field must not have with "and":
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
 */
export function eventSelectors(sources: EventSources): CloudtrailAdvancedEventSelector[] {
  const { events, bucketArn, deployment, pipelines } = sources;
  const selectors = [selector('Management events', { field: 'eventCategory', equalTo: ['Management'] })];
  if (events.includes('auditObjects')) selectors.push(auditObjects(bucketArn));
  if (events.includes('dlqInvocations')) selectors.push(invocations(pipelines, deployment));
  if (events.includes('tableWrites')) selectors.push(...pipelines.map((names) => foreignWrites(names, deployment)));
  return selectors;
}

/** AWS services have no ARN in an event. So the trail does not record its own deliveries, each of which would cause the next. */
function auditObjects(bucketArn: string): CloudtrailAdvancedEventSelector {
  return dataEvents(
    'Access to audit objects',
    'AWS::S3::Object',
    { field: 'resources.ARN', startsWith: [`${bucketArn}/`] },
    { field: 'userIdentity.arn', startsWith: ['arn:'] },
  );
}

function invocations(pipelines: readonly Names[], deployment: AwsEnvironment): CloudtrailAdvancedEventSelector {
  const functions = pipelines.map(({ dlqProcessor }) => deployment.functionArn(dlqProcessor.function));
  return dataEvents('Invocations of the DLQ processor', 'AWS::Lambda::Function', {
    field: 'resources.ARN',
    equalTo: functions,
  });
}

/** Without those of the two functions, which would cost as much as the writes themselves. */
function foreignWrites(names: Names, deployment: AwsEnvironment): CloudtrailAdvancedEventSelector {
  const { paymentTable, paymentProcessor, dlqProcessor } = names;
  const sessions = [paymentProcessor, dlqProcessor].map(({ role }) =>
    deployment.globalArn('sts', `assumed-role/${role}/`),
  );
  return dataEvents(
    `Foreign writes to ${paymentTable}`,
    'AWS::DynamoDB::Table',
    { field: 'readOnly', equalTo: ['false'] },
    { field: 'resources.ARN', equalTo: [deployment.arn('dynamodb', `table/${paymentTable}`)] },
    { field: 'userIdentity.arn', notStartsWith: sessions },
  );
}

function dataEvents(
  name: string,
  type: string,
  ...fields: CloudtrailAdvancedEventSelectorFieldSelector[]
): CloudtrailAdvancedEventSelector {
  return selector(
    name,
    { field: 'eventCategory', equalTo: ['Data'] },
    { field: 'resources.type', equalTo: [type] },
    ...fields,
  );
}

function selector(
  name: string,
  ...fieldSelector: CloudtrailAdvancedEventSelectorFieldSelector[]
): CloudtrailAdvancedEventSelector {
  return { name, fieldSelector };
}
