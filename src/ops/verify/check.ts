import {
  actionsOf,
  type Deployment,
  type Found,
  MissingPermission,
  type Needs,
  NotEmulated,
  readAll,
  ResourceFault,
  Unanswered,
} from './read';

/** A fault of the deployment. */
export interface Finding {
  readonly found: string;
  readonly whatToDo: string;
}

export interface CheckResult {
  readonly name: string;
  /** `unknown`: the credentials lack a permission, or a service gave no answer. `not_emulated`: it needs what a local pipeline does not have. */
  readonly result: 'passed' | 'failed' | 'unknown' | 'not_emulated';
  readonly findings: readonly Finding[];
  /** The IAM actions that the credentials lack. */
  readonly missingPermissions: readonly string[];
}

/** One property of a sound deployment. */
export interface Check {
  readonly name: string;
  /** The IAM actions of its reads. */
  readonly actions: readonly string[];
  readonly run: (deployment: Deployment) => Promise<CheckResult>;
}

/** What a check may know in addition to its reads. */
export type CheckContext = Pick<Deployment, 'pipeline' | 'region'>;

export interface CheckDefinition<N extends Needs> {
  readonly name: string;
  readonly needs: N;
  /** @returns nothing when the property holds */
  readonly judge: (found: Found<N>, context: CheckContext) => readonly Finding[];
}

/** What to do when a setting is not the deployed one. */
export const DEPLOY_AGAIN = 'Deploy again, which sets it back. The audit trail names who changed it.';

/** What to do while AWS changes a resource. */
export const WAIT = 'Wait a minute, and verify again.';

export function defineCheck<N extends Needs>({ name, needs, judge }: CheckDefinition<N>): Check {
  const conclude = (findings: readonly Finding[]): CheckResult => ({
    name,
    result: findings.length === 0 ? 'passed' : 'failed',
    findings,
    missingPermissions: [],
  });
  return {
    name,
    actions: actionsOf(needs),
    run: async (deployment) => {
      try {
        return conclude(judge(await readAll(deployment, needs), deployment));
      } catch (error) {
        if (error instanceof ResourceFault) return conclude([error]);
        if (error instanceof NotEmulated) return { name, result: 'not_emulated', findings: [], missingPermissions: [] };
        if (error instanceof Unanswered)
          return { ...conclude([{ found: error.message, whatToDo: 'Then verify again.' }]), result: 'unknown' };
        if (!(error instanceof MissingPermission)) throw error;
        return { name, result: 'unknown', findings: [], missingPermissions: error.actions };
      }
    },
  };
}

type SettingValue = string | number | boolean;

/** A value that is expected, or a rule for it when only the deployment knows the value. */
export type Expected = SettingValue | { readonly rule: string; readonly holds: (value: never) => boolean };

export function atLeast(least: number): Expected {
  return { rule: `at least ${least}`, holds: (value: number) => value >= least };
}

/** A key that the customer manages. AWS-managed keys have aliases only. */
export const CUSTOMER_KEY: Expected = {
  rule: "the ARN of the pipeline's key",
  holds: (value: string) => /^arn:.*:key\//.test(value),
};

/** Compares settings. @returns one finding that names each that differs */
export function compareSettings(
  settings: Readonly<Record<string, readonly [found: SettingValue | undefined, expected: Expected]>>,
  whatToDo = DEPLOY_AGAIN,
): readonly Finding[] {
  const differing = Object.entries(settings).filter(([, [found, expected]]) => !isAsExpected(found, expected));
  if (differing.length === 0) return [];
  const found = differing.map(
    ([name, [value, expected]]) =>
      `${name} is ${value === undefined || value === '' ? 'not set' : value}, not ${typeof expected === 'object' ? expected.rule : expected}`,
  );
  return [{ found: `${found.join('; ')}.`, whatToDo }];
}

function isAsExpected(found: SettingValue | undefined, expected: Expected): boolean {
  return typeof expected === 'object' ? found !== undefined && expected.holds(found as never) : found === expected;
}
