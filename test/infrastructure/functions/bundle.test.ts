import { MissingBundleError, packageBundle } from '../../../src/infrastructure/functions/bundle';
import { synthesize } from '../../../tools/kit/stacks/synthesize';

test('the bundle is zipped without its source map, from and to relative paths', () => {
  const template = synthesize((stack) => packageBundle(stack, 'processor', 'payment-processor'));

  expect(template.data('archive_file', 'processor_archive')).toEqual({
    type: 'zip',
    source_dir: expect.stringMatching(/^assets\/processor_bundle\/[0-9A-F]{32}$/) as string,
    output_path: 'assets/processor_bundle.zip',
    output_file_mode: '0644',
    excludes: ['index.mjs.map'],
  });
});

test('a bundle that was not built is refused with the command that builds it', () => {
  const build = () => synthesize((stack) => packageBundle(stack, 'processor', 'no-such-handler'));

  expect(build).toThrow(MissingBundleError);
  expect(build).toThrow(
    /assets\/no-such-handler\/index\.mjs: install .* again, or, in a clone of it, run "npx projen bundle" first/,
  );
});
