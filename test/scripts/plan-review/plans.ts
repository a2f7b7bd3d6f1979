import { digestOf, summarize, type PlanSummary } from '../../../scripts/plan-review/plan-summary';
import { readPlanFile } from '../../../scripts/plan-review/plan-file';

type Values = Readonly<Record<string, unknown>>;

export interface ChangeSaid {
  readonly address?: string;
  readonly actions?: readonly string[];
  readonly before?: Values | null;
  readonly after?: Values | null;
  readonly unknown?: Values;
  readonly sensitive?: Values;
  readonly configured?: Values;
  readonly more?: Values;
  readonly mode?: string;
}

export interface PlanSaid {
  readonly changes?: readonly ChangeSaid[];
  readonly outputs?: Values;
  readonly configuredOutputs?: Values;
  readonly variables?: Values;
  readonly sensitiveVariables?: readonly string[];
  readonly region?: string;
  readonly more?: Values;
}

export const A_QUEUE: ChangeSaid = { address: 'aws_sqs_queue.q', actions: ['create'], after: { name: 'payments' } };

/** As `terraform show -json` says it. */
export function planJson({ changes = [A_QUEUE], outputs = {}, configuredOutputs = {}, variables = {}, sensitiveVariables = [], region = 'r', more = {} }: PlanSaid = {}): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    timestamp: '2026-01-01T00:00:00Z',
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    resource_changes: changes.map(resourceChange),
    output_changes: outputs,
    configuration: {
      provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: region } } } },
      root_module: {
        resources: changes.map(({ address = 'aws_sqs_queue.q', configured = {} }) => ({ address: address.replace(/\[.*/, ''), expressions: configured })),
        outputs: configuredOutputs,
        variables: Object.fromEntries(Object.keys(variables).map((name) => [name, { sensitive: sensitiveVariables.includes(name) }])),
      },
    },
    ...more,
  });
}

function resourceChange({ address = 'aws_sqs_queue.q', actions = ['update'], before = null, after = null, unknown = {}, sensitive = {}, mode = 'managed', more = {} }: ChangeSaid) {
  const change = { actions, before, after, after_unknown: unknown, before_sensitive: sensitive, after_sensitive: sensitive, ...more };
  return { address, mode, type: address.split('.')[0], change, ...more };
}

export function summary(said: PlanSaid = {}): PlanSummary {
  return summarize(readPlanFile(planJson(said)));
}

export function digest(said: PlanSaid = {}): string {
  return digestOf(summary(said));
}
