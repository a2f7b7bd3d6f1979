import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { App, TerraformStack, Testing } from 'cdktf';
import { withoutTraces } from '../../../src/app/without-traces';
import {
  GitHubDeployRoles,
  type GitHubDeployRolesProps,
  PaymentPipeline,
  type PaymentPipelineProps,
} from '../../../src';
import { ReadableIdStack } from '../../../src/app/readable-id-stack';
import { newDirectory } from '../new-directory';
import { REPOSITORY, STATE_BUCKET } from './deploy-roles';
import { someProps } from './pipeline-props';
import type { StackJson } from './references';
import { Template } from './template';

/** One for all apps: without one, cdktf makes a directory for each. */
const OUTDIR = newDirectory();

/** An app that writes into a temporary directory. */
export function testApp(): App {
  return Testing.app({ outdir: OUTDIR });
}

/** A stack that has the providers and readable logical ids. */
export function stackWithProviders(app: App, id: string): TerraformStack {
  const stack = new ReadableIdStack(app, id);
  new AwsProvider(stack, 'aws');
  new ArchiveProvider(stack, 'archive');
  new RandomProvider(stack, 'random');
  return stack;
}

/** Synthesizes a stack and runs its validations. */
export function templateOf(stack: TerraformStack): Template {
  return new Template(JSON.parse(withoutTraces(() => Testing.synth(stack, true))) as Template['json']);
}

/** Synthesizes what `build` adds to a stack that has the providers and readable logical ids. */
export function synthesize(build: (stack: TerraformStack) => void): Template {
  const stack = stackWithProviders(testApp(), 'test');
  withoutTraces(() => {
    build(stack);
  });
  return templateOf(stack);
}

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

/** A stack with one pipeline, `payments`. */
export function synthesizePipeline(overrides: Partial<PaymentPipelineProps> = {}): Template {
  return synthesize((stack) => new PaymentPipeline(stack, 'payments', someProps(overrides)));
}

/** A stack with the deploy roles of one repository, `github`. */
export function synthesizeRoles(overrides: Partial<GitHubDeployRolesProps> = {}): Template {
  const props = { repository: REPOSITORY, stateBucket: STATE_BUCKET, ...overrides };
  return synthesize((stack) => new GitHubDeployRoles(stack, 'github', props));
}
