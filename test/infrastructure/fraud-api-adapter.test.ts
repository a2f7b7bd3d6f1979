import { App, TerraformVariable } from 'cdktf';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutTraces } from '../../src/app/without-traces';
import { FraudApi, PaymentPipeline } from '../../src';
import { newDirectory } from '../../tools/kit/new-directory';
import { faultsOf, refusedFaults } from '../../tools/kit/stacks/pipeline-faults';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { stackWithProviders, synthesize, synthesizePipeline } from '../../tools/kit/stacks/synthesize';

const URL = 'https://fraud.example/check';
const ADAPTER = 'export const toRequest = () => ({});\nexport const toAnswer = () => "transient";\n';
const directory = newDirectory();

function fileOf(text: string, name = 'adapter.mjs'): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

interface Archive {
  readonly source_dir: string;
}

/** Synthesizes a pipeline as its user does. @returns the files of the function's archive, and the archive */
function archiveWith(adapter?: string): { files: Record<string, string>; archive: Archive } {
  const outdir = newDirectory();
  const app = new App({ outdir });
  const stack = stackWithProviders(app, 'test');
  const fraudApi = FraudApi.url(URL, adapter === undefined ? {} : { adapter });
  withoutTraces(() => {
    new PaymentPipeline(stack, 'payments', someProps({ fraudApi }));
    app.synth();
  });
  const path = join(outdir, 'stacks/test');
  const { data } = JSON.parse(readFileSync(join(path, 'cdk.tf.json'), 'utf8')) as {
    data: { archive_file: { payments_payment_processor_archive: Archive } };
  };
  const archive = data.archive_file.payments_payment_processor_archive;
  const source = join(path, archive.source_dir);
  const files = readdirSync(source).map((name) => [name, readFileSync(join(source, name), 'utf8')]);
  return { files: Object.fromEntries(files) as Record<string, string>, archive };
}

test('the adapter is in the archive of the payment processor, beside every file of the bundle, and its content changes the archive', () => {
  const without = archiveWith();
  const one = archiveWith(fileOf(ADAPTER));
  const same = archiveWith(fileOf(ADAPTER, 'moved.mjs'));
  const other = archiveWith(fileOf(`${ADAPTER}//`));

  const { 'index.mjs.map': _, ...bundle } = without.files;
  expect(Object.keys(bundle).sort()).toEqual(['index.mjs', 'sns-outcome-topic.mjs']);
  expect(Object.keys(one.files).sort()).toEqual(['fraud-api-adapter.mjs', 'index.mjs', 'sns-outcome-topic.mjs']);
  expect(one.files).toEqual({ ...bundle, 'fraud-api-adapter.mjs': ADAPTER });
  expect(same.archive).toEqual(one.archive);
  const sources = [without, one, other].map(({ archive }) => archive.source_dir);
  expect(new Set(sources).size).toBe(3);
});

test('the payment processor, and no other function, is told to load it', () => {
  const variablesOf = (options: object) => {
    const template = synthesizePipeline({ fraudApi: FraudApi.url(URL, options) });
    return ['payments_payment_processor', 'payments_dlq_processor'].map((id) => {
      const { environment } = template.resource('aws_lambda_function', id) as {
        environment: { variables: Record<string, string> };
      };
      return environment.variables.FRAUD_API_ADAPTER;
    });
  };
  expect(variablesOf({ adapter: fileOf(ADAPTER, 'odd "${name}".mjs') })).toEqual([
    './fraud-api-adapter.mjs',
    undefined,
  ]);
  expect(variablesOf({})).toEqual([undefined, undefined]);
});

test.each([
  ['another file', 'export const x = 1;', 'the file exports no synchronous function toRequest and toAnswer'],
  ['half an adapter', ADAPTER.replace('toAnswer', 'toReply'), 'the file exports no synchronous function toAnswer'],
  ['a function that is async', ADAPTER.replace('() => ({})', 'async () => ({})'), 'synchronous function toRequest'],
  [
    'a default export',
    'export default { toRequest: () => ({}), toAnswer: () => "transient" };',
    'default export isn\'t read: write "export function toRequest(payment)',
  ],
  [
    'a module of CommonJS',
    'module.exports = { toRequest: () => ({}), toAnswer: () => "transient" };',
    'ReferenceError: module is not defined in ES module scope: write "export function toRequest(payment)',
  ],
  ['exports of CommonJS', 'exports.toRequest = () => ({});', 'ReferenceError: exports is not defined'],
  ['an import of another file', `import './rules.mjs';\n${ADAPTER}`, "the file can't be loaded by itself (TypeError"],
  ['an import of a package', `import 'cdktf';\n${ADAPTER}`, "the file can't be loaded by itself (TypeError"],
  ['another language', `${ADAPTER}const a: number = 1;`, "the file can't be loaded by itself (SyntaxError"],
  ['a module that throws', `throw new Error('no\\nrules');`, "the file can't be loaded by itself (Error: no rules)"],
  ['a module that ends the process', 'process.exit(0);', "loading the file didn't end"],
])('%s is refused, with the other bad props', (what, text, fault) => {
  const adapter = fileOf(text, `${what.replaceAll(' ', '-')}.mjs`);
  const api = FraudApi.privateLink({ serviceName: 'com.amazonaws.vpce.x', url: 'http://fraud.example', adapter });

  const faults = faultsOf({ fraudApi: api });

  expect(faults).toEqual([
    expect.stringContaining("fraudApi.url is 'http://fraud.example'"),
    expect.stringContaining(`fraudApi.adapter is '${adapter}', but must be an adapter: `),
  ]);
  expect(faults[1]).toContain(fault);
  expect(faults[1]).not.toContain('base64');
});

test('a path that cannot be read, or that only Terraform knows, is refused', () => {
  const faultOf = (adapter: string) => faultsOf({ fraudApi: FraudApi.url(URL, { adapter }) });
  expect(faultOf('/none/adapter.mjs')).toEqual([
    "fraudApi.adapter is '/none/adapter.mjs', but must be an adapter: the file can't be read (ENOENT)",
  ]);
  synthesize((stack) => {
    const { stringValue } = new TerraformVariable(stack, 'anything', {});
    const fraudApi = FraudApi.url(URL, { adapter: stringValue });
    expect(refusedFaults(stack, 'payments', { ...someProps({ fraudApi }) })).toEqual([
      expect.stringContaining("but must be an adapter: the file can't be read"),
    ]);
  });
});

test('a module that prints, and uses modules of Node, is an adapter', () => {
  const adapter = fileOf(`import { createHash } from 'node:crypto';\nconsole.log('{}', createHash);\n${ADAPTER}`);
  expect(faultsOf({ fraudApi: FraudApi.url(URL, { adapter }) })).toEqual([]);
});
