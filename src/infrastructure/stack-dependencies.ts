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
  const resolver = new OriginResolver(new StringConcat());
  Tokenization.resolve(value, { scope, resolver, preparing: false });
  return resolver.stacks;
}

/** Notes the stack of each reference that it resolves. */
class OriginResolver extends DefaultTokenResolver {
  readonly stacks = new Set<TerraformStack>();

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const { originStack } = token as { readonly originStack?: TerraformStack }; // of cdktf's class Reference, which it doesn't export
    if (originStack !== undefined) this.stacks.add(originStack);
    return super.resolveToken(token, context, postProcessor) as unknown;
  }
}
