import { PROVIDER_SETTINGS } from '../../../src/app/variables';
import { FRAUD_API_PROPS } from '../../../src/infrastructure/fraud-api-props';
import { type PipelineRow, PROPS } from '../../../src/infrastructure/prop-definitions';
import { code, table } from '../generated';
import { pipelineStack } from './stack';

/** The variables and outputs in docs/reference/variables-and-outputs.md, of the stack that this project deploys. */
export function variablesAndOutputsPage(): string {
  const outputs = Object.entries(pipelineStack().outputs).map(([name, { description, sensitive }]) => [
    code(name),
    description,
    sensitive === true ? 'yes' : '',
  ]);
  return ['## Variables', variables(), '## Outputs', table(['output', 'meaning', 'sensitive'], outputs)].join('\n\n');
}

function variables(): string {
  const rows = Object.entries<PipelineRow>({ ...PROPS, ...FRAUD_API_PROPS, ...PROVIDER_SETTINGS }).flatMap(
    ([prop, { variable, default: value }]) => {
      if (variable === undefined) return [];
      const { name, description, unset = value, atSynthesis } = variable;
      return [
        [
          code(name),
          unset === undefined ? 'required' : code(JSON.stringify(unset)),
          prop in PROVIDER_SETTINGS ? '' : code(prop),
          atSynthesis === true ? `${description} Read at synthesis.` : description,
        ],
      ];
    },
  );
  return table(['variable', 'default', 'prop', 'meaning'], rows);
}
