import { PaymentPipeline, PaymentPipelinePropsError, type PaymentPipelineProps } from '../../../src';
import type { Construct } from 'constructs';
import { someProps } from './pipeline-props';
import { synthesize } from './synthesize';

/** Props that no compiler has checked: any name, any value. */
export type LooseProps = Partial<Record<keyof PaymentPipelineProps, unknown>> & Record<string, unknown>;

/** An unknown prop: the pipeline is refused before a construct is made, which saves time. */
const REFUSED = { noSuchProp: true };

/** The faults of props, one line each, without that of the unknown prop. */
export function faultsOf(props: LooseProps): string[] {
  let faults: string[] = [];
  synthesize((stack) => {
    faults = refusedFaults(stack, 'payments', { ...someProps(), ...props, ...REFUSED });
  });
  return faults.filter((fault) => !fault.startsWith('noSuchProp '));
}

/** The faults for which another pipeline is refused. @throws when its props are accepted */
export function refusedFaults(scope: Construct, id: string, props: LooseProps): string[] {
  try {
    new PaymentPipeline(scope, id, props as unknown as PaymentPipelineProps);
  } catch (error) {
    if (error instanceof PaymentPipelinePropsError) return error.message.split('\n- ').slice(1);
    throw error;
  }
  throw new Error('The props were accepted.');
}
