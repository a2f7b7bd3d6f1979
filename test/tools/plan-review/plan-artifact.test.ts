import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packPlan, unpackPlan } from '../../../tools/plan-review/plan-artifact';
import { digestOf } from '../../../tools/plan-review/plan-summary';
import { newDirectory } from '../../../tools/kit/new-directory';
import { summary } from '../../../tools/plan-review/fixtures/plans';

const SUMMARY = summary({ variables: { url: 'a' }, outputs: { o: { actions: ['create'], after_unknown: true } } });

function packed() {
  const [stack, directory] = [newDirectory(), join(newDirectory(), 'packed')];
  mkdirSync(join(stack, '.terraform', 'providers'), { recursive: true });
  mkdirSync(join(stack, 'assets'));
  const files = {
    'cdk.tf.json': '{}',
    '.terraform.lock.hcl': 'lock',
    'assets/code.zip': 'zip',
    '.terraform/providers/aws': 'large',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stack, name), text);
  const planFile = join(newDirectory(), 'my.tfplan');
  writeFileSync(planFile, 'plan');
  return { directory, checksum: packPlan(directory, { commit: 'c1', tree: 't1', summary: SUMMARY, planFile, stack }) };
}

test('a plan comes out as it was packed, without the providers', () => {
  const { directory, checksum } = packed();

  const { manifest, summary: unpacked, stack, planFile } = unpackPlan(directory, { commit: 'c1', checksum });

  expect(manifest).toMatchObject({ commit: 'c1', tree: 't1', digest: digestOf(SUMMARY) });
  expect(Object.keys(manifest.files).sort()).toEqual([
    'meaning.json',
    'plan.tfplan',
    'stack/.terraform.lock.hcl',
    'stack/assets/code.zip',
    'stack/cdk.tf.json',
  ]);
  expect(digestOf(unpacked)).toBe(digestOf(SUMMARY));
  expect([readFileSync(planFile, 'utf8'), existsSync(join(stack, '.terraform'))]).toEqual(['plan', false]);
});

test('packing twice gives the same checksum', () => {
  expect(packed().checksum).toBe(packed().checksum);
});

describe('an artifact is refused', () => {
  test.each<[string, (directory: string) => void, RegExp]>([
    [
      'when a zip was changed',
      (directory) => {
        appendFileSync(join(directory, 'stack/assets/code.zip'), 'x');
      },
      /changed after it was made \(stack\/assets\/code\.zip\)/,
    ],
    [
      'when the plan was changed',
      (directory) => {
        writeFileSync(join(directory, 'plan.tfplan'), 'other');
      },
      /changed after it was made \(plan\.tfplan\)/,
    ],
    [
      'when what it says to do was changed',
      (directory) => {
        writeFileSync(join(directory, 'meaning.json'), '{}');
      },
      /changed after it was made \(meaning\.json\)/,
    ],
    [
      'when a file was added',
      (directory) => {
        writeFileSync(join(directory, 'stack/evil.tf'), '');
      },
      /changed after it was made \(stack\/evil\.tf\)/,
    ],
    [
      'when a file is gone',
      (directory) => {
        rmSync(join(directory, 'stack/.terraform.lock.hcl'));
      },
      /changed after it was made \(stack\/\.terraform\.lock\.hcl\)/,
    ],
    [
      'when its list is invalid',
      (directory) => {
        writeFileSync(join(directory, 'manifest.json'), '[]');
      },
      /no list of what the artifact holds/,
    ],
    [
      'when its list was made to fit',
      (directory) => {
        rewrite(directory, { digest: 'sha256:0' });
      },
      /another digest than its manifest says/,
    ],
    [
      'when it is of another commit',
      (directory) => {
        rewrite(directory, { commit: 'c2' });
      },
      /is of commit c2, not of c1/,
    ],
    [
      'when it is not there',
      (directory) => {
        rmSync(directory, { recursive: true });
      },
      /There is no plan in .*not downloaded, or has expired/,
    ],
  ])('%s', (_what, tamper, sentence) => {
    const { directory } = packed();
    tamper(directory);

    expect(() => unpackPlan(directory, { commit: 'c1' })).toThrow(sentence);
  });

  test('when all of it was replaced, its list included', () => {
    const { directory, checksum } = packed();
    rewrite(directory, { tree: 't2' });

    expect(() => unpackPlan(directory, { checksum })).toThrow(
      /not the one that was made: its seal is sha256:\w+, and should be sha256:/,
    );
  });
});

function rewrite(directory: string, change: Record<string, string>): void {
  const file = join(directory, 'manifest.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...content, ...change }));
}
