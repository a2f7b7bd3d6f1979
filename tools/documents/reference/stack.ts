import { TerraformVariable } from 'cdktf';
import { exportOutputs, PaymentPipeline } from '../../../src';
import type { OnFailedPayment } from '../../../src/contract';
import { someProps } from '../../kit/stacks/pipeline-props';
import { StackGraph } from '../../kit/stacks/stack-graph';
import { synthesize } from '../../kit/stacks/synthesize';

interface PipelineStack {
  /** With every reference resolved. */
  readonly graph: StackGraph;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly sensitive?: boolean }>>;
}

let synthesized: PipelineStack | undefined;

/** A pipeline of the production profile, which may hold accounts and publishes outcomes, as that has every alarm; with its outputs. */
export function pipelineStack(): PipelineStack {
  if (synthesized === undefined) {
    const { json } = synthesize((stack) => {
      const onFailedPayment = new TerraformVariable(stack, 'on_failed_payment', { default: 'continue' })
        .stringValue as OnFailedPayment;
      exportOutputs(
        new PaymentPipeline(
          stack,
          'payments',
          someProps({ onFailedPayment, profile: 'production', outcomes: 'topic' }),
        ),
      );
    });
    const outputs = json.output as PipelineStack['outputs'];
    synthesized = { graph: new StackGraph(json), outputs };
  }
  return synthesized;
}

/** The variables of both functions' environments. */
export function functionVariables(): readonly Readonly<Record<string, string>>[] {
  return pipelineStack()
    .graph.all<{ environment: { variables: Readonly<Record<string, string>> } }>('aws_lambda_function')
    .map(({ environment }) => environment.variables);
}
