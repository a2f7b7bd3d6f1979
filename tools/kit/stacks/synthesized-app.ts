import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { type App, TerraformStack } from 'cdktf';
import { ReadableIdStack } from '../../../src/app/readable-id-stack';
import type { StackJson } from './references';
import { testApp, withoutTraces } from './terraform';

/** The stacks of an app by their ids, synthesized together: one may refer to another. */
export function synthesizeApp(build: (app: App) => void): Record<string, StackJson> {
  return withoutTraces(() => {
    const app = testApp();
    build(app);
    const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
    for (const stack of stacks) stack.prepareStack();
    return Object.fromEntries(
      stacks.map((stack) => [stack.node.id, JSON.parse(JSON.stringify(stack.toTerraform())) as StackJson]),
    );
  });
}

/** A stack that has the providers and readable logical ids. */
export function stackWithProviders(app: App, id: string): TerraformStack {
  const stack = new ReadableIdStack(app, id);
  new AwsProvider(stack, 'aws');
  new ArchiveProvider(stack, 'archive');
  new RandomProvider(stack, 'random');
  return stack;
}
