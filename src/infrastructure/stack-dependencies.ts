import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  TerraformElement,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Whether a stack depends on another, directly or through others: by `addDependency`, or by a reference that its constructs
 * hold so far. cdktf itself turns references into dependencies only when it synthesizes.
 */
export function dependsOn(stack: TerraformStack, other: TerraformStack, visited = new Set<TerraformStack>()): boolean {
  if (stack === other) return true;
  if (visited.has(stack)) return false;
  visited.add(stack);
  const elements = stack.node.findAll().filter((element) => TerraformElement.isTerraformElement(element));
  const own = elements
    .filter((element) => TerraformStack.of(element) === stack)
    .map((element) => element.toTerraform() as unknown);
  return [...stack.dependencies, ...referredStacks(stack, own)].some((next) => dependsOn(next, other, visited));
}

/** The stacks that the tokens within a value refer to. */
export function referredStacks(scope: Construct, value: unknown): Set<TerraformStack> {
  return new Set(referencesWithin(scope, value).map(({ originStack }) => originStack));
}

/** Whether a value has, at any depth, the reference that an attribute is. */
export function hasReferenceTo(scope: Construct, value: unknown, attribute: string): boolean {
  const [wanted] = referencesWithin(scope, attribute);
  return referencesWithin(scope, value).some(
    ({ originStack, identifier }) => originStack === wanted?.originStack && identifier === wanted.identifier,
  );
}

/** A reference to an attribute of an element, in the stack of the element. */
interface Reference {
  readonly originStack: TerraformStack;
  readonly identifier: string;
}

function referencesWithin(scope: Construct, value: unknown): Reference[] {
  const resolver = new ReferenceResolver(new StringConcat());
  Tokenization.resolve(value, { scope, resolver, preparing: false });
  return resolver.references;
}

/** Notes each reference that it resolves. */
class ReferenceResolver extends DefaultTokenResolver {
  readonly references: Reference[] = [];

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const { originStack, identifier } = token as Partial<Reference>; // of cdktf's class Reference, which it doesn't export
    if (originStack !== undefined) this.references.push({ originStack, identifier: identifier! });
    return super.resolveToken(token, context, postProcessor) as unknown;
  }
}
