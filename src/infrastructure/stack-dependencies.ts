import { DefaultTokenResolver, type IPostProcessor, type IResolvable, type IResolveContext, StringConcat, TerraformElement, TerraformStack, Tokenization } from 'cdktf';

/**
 * Whether a stack depends on another, directly or through others: by `addDependency`, or by a reference that its constructs
 * hold so far. cdktf itself turns references into dependencies only when it synthesizes.
 */
export function dependsOn(stack: TerraformStack, other: TerraformStack, visited = new Set<TerraformStack>()): boolean {
  if (stack === other) return true;
  if (visited.has(stack)) return false;
  visited.add(stack);
  return [...stack.dependencies, ...referredStacks(stack)].some((next) => dependsOn(next, other, visited));
}

function referredStacks(stack: TerraformStack): Set<TerraformStack> {
  const resolver = new OriginResolver(new StringConcat());
  for (const element of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element) || TerraformStack.of(element) !== stack) continue;
    Tokenization.resolve(element.toTerraform(), { scope: stack, resolver, preparing: false });
  }
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
