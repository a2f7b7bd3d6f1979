import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { isOfTerrain, MixedPeersError } from '../preflight/peers-error';

/** With it, jsii gives each class the name of its package and its version. */
const TYPE = Symbol.for('jsii.rtti');

interface JsiiClass {
  /** The package and the class, as in `cdktf.TerraformStack`. A subclass inherits it. */
  readonly [TYPE]?: { readonly fqn: string; readonly version: string };
}

/**
 * Asserts that the stack and the construct are of the same CDK. The import of `cdktf` is checked when the package is loaded; a stack may
 * still come from an import of `cdktn`.
 * @throws MixedPeersError
 */
export function assertSameCdk(scope: Construct): void {
  const packages = [TerraformStack, TerraformStack.of(scope).constructor].map((type) => packageOf(type as JsiiClass));
  const [own, given] = packages.map(({ name }) => isOfTerrain(name));
  if (own !== given) throw new MixedPeersError(packages);
}

function packageOf({ [TYPE]: { fqn, version } = { fqn: 'cdktf', version: '' } }: JsiiClass): {
  readonly name: string;
  readonly version: string;
} {
  return { name: fqn.split('.')[0]!, version };
}
