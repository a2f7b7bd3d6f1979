import { TerraformStack } from 'cdktf';
import { METRICS } from '../../../src/contract/metrics';
import { PaymentPipeline } from '../../../src/index';
import { otherProps } from '../../../tools/kit/stacks/pipeline-props';
import { testApp, withoutTraces } from '../../../tools/kit/stacks/synthesize';

const pipeline = withoutTraces(
  () => new PaymentPipeline(new TerraformStack(testApp(), 'test'), 'payouts', otherProps()),
);
const { variables } = pipeline.paymentProcessor.environment.internalValue as { variables: Record<string, string> };

test.each(Object.values(METRICS))(
  '%s is found under the namespace and the service that the processor emits it with',
  (name) => {
    expect(pipeline.metric(name)).toEqual({
      namespace: 'PaymentPipeline',
      metricName: name,
      dimensions: { service: 'payment-processor-payouts' },
    });
    expect(variables).toMatchObject({
      POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
      POWERTOOLS_SERVICE_NAME: 'payment-processor-payouts',
    });
  },
);
