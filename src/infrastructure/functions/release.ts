import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { Uuid } from '@cdktf/provider-random/lib/uuid';
import type { Construct } from 'constructs';
import { packageBundle } from './bundle';

/** The handlers' code. */
export interface Release {
  readonly paymentProcessor: DataArchiveFile;
  readonly dlqProcessor: DataArchiveFile;
  /** Renewed whenever a handler's code changes; every payment record says which release wrote it. */
  readonly id: Uuid;
}

/**
 * @param adapter path of the fraud API's adapter, if it has one
 * @throws MissingBundleError when a handler has not been bundled
 */
export function createRelease(scope: Construct, adapter: string | undefined): Release {
  const paymentProcessor = packageBundle(scope, 'payment_processor', 'payment-processor', adapter);
  const dlqProcessor = packageBundle(scope, 'dlq_processor', 'dlq-processor');
  const id = new Uuid(scope, 'release_id', {
    keepers: {
      payment_processor: paymentProcessor.outputBase64Sha256,
      dlq_processor: dlqProcessor.outputBase64Sha256,
    },
  });
  return { paymentProcessor, dlqProcessor, id };
}
