import { PaymentStack } from '../../../src/app/payment-stack';
import { PaymentPipeline, type PaymentPipelineProps } from '../../../src';
import { sharingProps, someProps, synthesizePipeline } from './pipeline-props';
import { StackGraph } from './stack-graph';
import { synthesize, Template, testApp, withoutTraces } from './terraform';

/** Of a secret that holds a fraud API's key. */
export const API_KEY_SECRET_ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';

/** The stack that this project deploys. */
export function deployedStack(): StackGraph {
  return new StackGraph(new Template(withoutTraces(() => new PaymentStack(testApp()))).json);
}

/** A stack with one pipeline, `payments`. */
export function pipelineStack(props: Partial<PaymentPipelineProps>): StackGraph {
  return new StackGraph(synthesizePipeline(props).json);
}

/** A stack with two pipelines, the second of which uses all that the first can share. */
export function sharingStack(): StackGraph {
  const template = synthesize((stack) => {
    const payments = new PaymentPipeline(stack, 'payments', someProps());
    new PaymentPipeline(stack, 'payouts', sharingProps(payments));
  });
  return new StackGraph(template.json);
}
