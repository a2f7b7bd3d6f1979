import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import type { PaymentPipelineProps, PrivateLinkOptions } from '../index';
import { FRAUD_API_PROPS } from '../infrastructure/fraud-api-props';
import { type PipelineRow, PROPS, type PropVariable } from '../infrastructure/prop-definitions';
import { listed, type PropError } from '../infrastructure/prop-table';

/** The props whose values the synthesis reads. */
export type SynthesizedProps = Required<Pick<PaymentPipelineProps, 'onFailedPayment' | 'outcomes' | 'queueName'>> &
  SynthesizedFraudApi;

/** The values of the fraud API that the synthesis reads. */
export type SynthesizedFraudApi = Partial<Omit<PrivateLinkOptions, 'url'>>;

/** Texts of variables, by name. */
export type GivenVariables = Readonly<Record<string, string | undefined>>;

interface SynthesisRow {
  readonly prop: keyof SynthesizedProps;
  readonly row: PipelineRow;
  readonly variable: PropVariable;
}

const ROWS = Object.entries<PipelineRow>({ ...PROPS, ...FRAUD_API_PROPS }).flatMap(([prop, row]): SynthesisRow[] =>
  row.variable?.atSynthesis === true
    ? [{ prop: prop.replace('fraudApi.', '') as keyof SynthesizedProps, row, variable: row.variable }]
    : [],
);

/** The variables that the synthesis reads, by name, each with its description. */
export const SYNTHESIS_VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  ROWS.map(({ variable: { name, description } }) => [name, description]),
);

/** Variables that mean nothing without another one. */
const BELONGS_TO: Readonly<Record<string, string>> = {
  fraud_api_availability_zones: 'fraud_api_service_name',
  fraud_api_key_kms_key_arn: 'fraud_api_key_secret_arn',
};

/** Bad values of variables that the synthesis reads. */
export class BadVariablesError extends Error {
  override readonly name = 'BadVariablesError';
}

/**
 * Declares the variables that the synthesis reads. Terraform refuses another value than the synthesized one.
 * @throws BadVariablesError naming every bad value at once
 */
export function declareSynthesisVariables(scope: Construct, given: GivenVariables): SynthesizedProps {
  const errors = ROWS.flatMap((one) => errorsOf(one, given));
  if (errors.length > 0) throw new BadVariablesError(`Bad variables of the stack:${listed(errors)}`);
  for (const one of ROWS) declare(scope, one, textOf(one, given));
  const values = ROWS.map((one) => [one.prop, valueOf(one, textOf(one, given))]);
  return Object.fromEntries(values) as SynthesizedProps;
}

function textOf({ row, variable: { name, unset } }: SynthesisRow, given: GivenVariables): string {
  return given[name] ?? unset ?? String(row.default);
}

function valueOf({ prop, variable: { unset } }: SynthesisRow, text: string): string | string[] | undefined {
  if (text === unset) return undefined;
  return prop === 'availabilityZones' ? text.split(',').map((zone) => zone.trim()) : text;
}

function errorsOf(one: SynthesisRow, given: GivenVariables): PropError[] {
  const { name, unset } = one.variable;
  const text = textOf(one, given);
  const value = valueOf(one, text);
  if (value === undefined) return [];
  const unsetOr = unset === undefined ? '' : `"${unset}", or `;
  if (!one.row.rule!.allows(value)) return [{ prop: name, value: text, must: `be ${unsetOr}${one.row.rule!.wanted}` }];
  const owner = ROWS.find(({ variable }) => variable.name === BELONGS_TO[name]);
  if (owner === undefined || valueOf(owner, textOf(owner, given)) !== undefined) return [];
  return [{ prop: name, value: text, must: `be left out: it belongs to ${owner.variable.name}, which is not given` }];
}

function declare(scope: Construct, { variable: { name, description } }: SynthesisRow, text: string): void {
  const condition = `\${var.${name} == ${JSON.stringify(text)}}`;
  const errorMessage = `${name} is read at synthesis, and the stack has another value: synthesize it again.`;
  new TerraformVariable(scope, name, {
    type: 'string',
    default: text,
    description,
    validation: [{ condition, errorMessage }],
  });
}
