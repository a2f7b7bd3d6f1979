import { TerraformStack } from 'cdktf';
import { withoutTraces } from '../../../src/app/without-traces';
import { isOfDlqProcessor, METRICS } from '../../../src/contract/metrics';
import { PaymentPipeline } from '../../../src/index';
import { otherProps } from '../../../tools/kit/stacks/pipeline-props';
import { testApp } from '../../../tools/kit/stacks/synthesize';

const pipeline = withoutTraces(
  () => new PaymentPipeline(new TerraformStack(testApp(), 'test'), 'payouts', otherProps()),
);

test.each(Object.values(METRICS))(
  '%s is found under the namespace and the service that its function emits it with',
  (name) => {
    const emitter = isOfDlqProcessor(name) ? pipeline.dlqProcessor : pipeline.paymentProcessor;
    const { variables } = emitter.environment.internalValue as { variables: Record<string, string> };
    expect(pipeline.metric(name)).toEqual({
      namespace: variables.POWERTOOLS_METRICS_NAMESPACE,
      metricName: name,
      dimensions: { service: variables.POWERTOOLS_SERVICE_NAME },
    });
  },
);
