import { PaymentPipeline, PaymentPipelinePropsError, type PaymentPipelineProps } from '../../../src';
import type { Construct } from 'constructs';
import { someProps } from './pipeline-props';
import { synthesize } from './synthesize';

/** Props as they come without a compiler: any name, any value. */
export type LooseProps = Partial<Record<keyof PaymentPipelineProps, unknown>> & Record<string, unknown>;

/** Refused before anything is made, so that what is asked about other props costs no time. */
const REFUSED = { noSuchProp: true };

/** What is said against props, one line a fault, other than which there is nothing wrong. */
export function faultsOf(props: LooseProps): string[] {
  let faults: string[] = [];
  synthesize((stack) => {
    faults = refusedFaults(stack, 'payments', { ...someProps(), ...props, ...REFUSED });
  });
  return faults.filter((fault) => !fault.startsWith('noSuchProp '));
}

/** What is said against the props of one more pipeline. */
export function refusedFaults(scope: Construct, id: string, props: LooseProps): string[] {
  try {
    new PaymentPipeline(scope, id, props as unknown as PaymentPipelineProps);
  } catch (error) {
    if (error instanceof PaymentPipelinePropsError) return error.message.split('\n- ').slice(1);
    throw error;
  }
  throw new Error('The props were accepted.');
}
