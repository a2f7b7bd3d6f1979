import { createRelease } from '../../../src/infrastructure/functions/release';
import { synthesize } from '../../../tools/kit/stacks/synthesize';

test("the release id changes with a handler's code, and with nothing else", () => {
  const template = synthesize((stack) => createRelease(stack));

  expect(template.resource('random_uuid', 'release_id')).toEqual({
    keepers: {
      payment_processor: '${data.archive_file.payment_processor_archive.output_base64sha256}',
      dlq_processor: '${data.archive_file.dlq_processor_archive.output_base64sha256}',
    },
  });
});
