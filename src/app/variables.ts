import { Fn, Op, TerraformVariable, type TerraformVariableValidationConfig, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { FraudApi, type PaymentPipelineProps } from '../index';
import { awsEnvironmentOf } from '../infrastructure/aws-environment';
import { FRAUD_API_PROPS } from '../infrastructure/fraud-api-props';
import { type PipelineRow, PROPS, type PropVariable } from '../infrastructure/prop-definitions';
import { matches, type VariableRule } from '../infrastructure/prop-rules';
import { REGION } from './settings';
import type { SynthesizedFraudApi, SynthesizedProps } from './synthesis-variables';

/** A URL without a host, by the definition of the .invalid domain. The stack can be synthesized with it, but not deployed. */
const NO_FRAUD_API = 'https://fraud.invalid/check';

const ROWS: Readonly<Record<string, PipelineRow>> = {
  ...PROPS,
  fraudApi: { ...FRAUD_API_PROPS['fraudApi.url'], default: NO_FRAUD_API },
};

/** AWS page "Best practices and strategies for tagging": characters that every service takes in a value. */
const tagValue = matches(
  String.raw`^[A-Za-z0-9 _.:/=+@-]{1,256}$`,
  '1 to 256 letters, digits, spaces and _ . : / = + @ -',
);

/** The settings of the stack's AWS provider: its region, and the tags of every resource. */
export const PROVIDER_SETTINGS = {
  region: {
    default: REGION,
    rule: matches(String.raw`^[a-z]{2}(-[a-z]+)+-[0-9]+$`, 'an AWS region, such as eu-west-1'),
    variable: {
      name: 'region',
      description: 'AWS region of the pipeline, with three availability zones. Another region is another pipeline.',
    },
  },
  owner: {
    default: 'platform-team',
    rule: tagValue,
    variable: { name: 'owner', description: 'Tag Owner of every resource.' },
  },
  compliance: {
    default: 'pci-dss',
    rule: tagValue,
    variable: { name: 'compliance', description: 'Tag Compliance of every resource.' },
  },
  dataClassification: {
    default: 'sensitive',
    rule: tagValue,
    variable: { name: 'data_classification', description: 'Tag DataClassification of every resource.' },
  },
} satisfies Readonly<Record<string, VariableRow>>;

type VariableRow = PipelineRow & { readonly rule: VariableRule; readonly variable: PropVariable };

/** The variable of each prop that has one. */
export type Variables = ReadonlyMap<string, { readonly row: VariableRow; readonly variable: TerraformVariable }>;

/** Declares the variable of each prop that Terraform sets. It checks the value by the prop's rule. */
export function declareVariables(scope: Construct): Variables {
  const rows = Object.entries(ROWS).filter(
    (entry): entry is [string, VariableRow] => entry[1].variable !== undefined && !entry[1].variable.atSynthesis,
  );
  return new Map(rows.map(([prop, row]) => [prop, { row, variable: declare(scope, row) }]));
}

/** Declares the variables of the provider. */
export function declareProviderSettings(scope: Construct): Readonly<Record<keyof typeof PROVIDER_SETTINGS, string>> {
  const values = Object.entries(PROVIDER_SETTINGS).map(([setting, row]) => [setting, declare(scope, row).stringValue]);
  return Object.fromEntries(values) as Record<keyof typeof PROVIDER_SETTINGS, string>;
}

/** The props that have a variable, each with the variable's value. */
export function propsOf(
  variables: Variables,
  { onFailedPayment, outcomes, queueName, ...api }: SynthesizedProps,
): PaymentPipelineProps {
  const values = Object.fromEntries(
    [...variables].map(([prop, { row, variable }]) => [prop, valueOf(row, variable)]),
  ) as unknown as PaymentPipelineProps & { readonly fraudApi: string };
  return { ...values, onFailedPayment, outcomes, queueName, fraudApi: fraudApi(values.fraudApi, api) };
}

function fraudApi(url: string, { serviceName, ...options }: SynthesizedFraudApi): FraudApi {
  return serviceName === undefined
    ? FraudApi.url(url, options)
    : FraudApi.privateLink({ serviceName, url, ...options });
}

function declare(scope: Construct, row: VariableRow): TerraformVariable {
  const { name, description, unset } = row.variable;
  const initial = unset ?? row.default;
  const validation = [...ruleOf(row), ...(initial === NO_FRAUD_API ? [mustBeSet(name)] : [])];
  return new TerraformVariable(scope, name, {
    type: typeof initial === 'number' ? 'number' : typeof initial === 'boolean' ? 'bool' : 'string',
    ...(initial !== undefined && { default: initial }),
    description,
    ...(validation.length > 0 && { validation }),
  });
}

function ruleOf({ rule, variable: { name, unset } }: VariableRow): TerraformVariableValidationConfig[] {
  if (rule.condition === undefined) return [];
  const condition = rule.condition(`var.${name}`);
  if (unset === undefined) return [{ condition: `\${${condition}}`, errorMessage: `${name} must be ${rule.wanted}.` }];
  return [
    {
      condition: `\${var.${name} == "${unset}" || ${condition}}`,
      errorMessage: `${name} must be "${unset}", or ${rule.wanted}.`,
    },
  ];
}

function mustBeSet(name: string): TerraformVariableValidationConfig {
  return {
    condition: `\${var.${name} != "${NO_FRAUD_API}"}`,
    errorMessage: `${name} has to be set to the URL of your fraud API.`,
  };
}

function valueOf({ variable: { unset } }: VariableRow, variable: TerraformVariable): unknown {
  if (variable.type === 'number') return variable.numberValue;
  if (variable.type === 'bool') return variable.booleanValue;
  const given = variable.stringValue;
  if (unset === undefined) return given;
  // Terraform takes null for an argument that is left out.
  const value = unset === 'root' ? awsEnvironmentOf(variable).accountRoot : Token.nullValue();
  return Token.asString(Fn.conditional(Op.eq(given, unset), value, given));
}
