import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProviderMirror } from '../../../tools/terraform/provider-mirror';
import { newDirectory } from '../../../tools/kit/new-directory';

function mirror(below: string, ...sources: string[]): string {
  const directory = join(newDirectory(), below);
  for (const source of sources) mkdirSync(join(directory, 'registry.terraform.io', source), { recursive: true });
  return directory;
}

test.each([[''], ['a'], ['a/b/c']])('found by its folder below a root, in "%s"', (below) => {
  const directory = mirror(below, 'hashicorp/aws');
  const root = directory.slice(0, directory.length - below.length);

  const found = findProviderMirror(['hashicorp/aws'], {}, ['/no/such/root', root]);

  expect(found?.directory).toBe(join(directory));
});

test('found through a link', () => {
  const root = newDirectory();
  symlinkSync(mirror('', 'hashicorp/aws'), join(root, 'plugins'));

  expect(findProviderMirror([], {}, [root])?.directory).toBe(join(root, 'plugins'));
});

test('not searched for deeper, nor anywhere else', () => {
  const directory = mirror('a/b/c/d', 'hashicorp/aws');

  expect(findProviderMirror([], {}, [join(directory, '../../../..')])).toBeUndefined();
});

test('the one that holds most of the providers', () => {
  const poor = mirror('', 'hashicorp/aws');
  const rich = mirror('', 'hashicorp/aws', 'hashicorp/random');

  const found = findProviderMirror(['aws', 'registry.terraform.io/hashicorp/random', 'hashicorp/archive'], {}, [
    poor,
    rich,
  ]);

  expect(found?.directory).toBe(rich);
  expect(found?.holds('random')).toBe(true);
  expect(found?.holds('hashicorp/archive')).toBe(false);
});

test('TF_PLUGIN_MIRROR comes before all others, and has to be one', () => {
  const given = mirror('', 'hashicorp/aws');

  expect(findProviderMirror([], { TF_PLUGIN_MIRROR: given }, [mirror('', 'hashicorp/aws')])?.directory).toBe(given);
  expect(() => findProviderMirror([], { TF_PLUGIN_MIRROR: newDirectory() }, [given])).toThrow(
    'is no provider mirror: it has no folder registry.terraform.io.',
  );
});
