/**
 * The lanes of the tests, as patterns of paths below `test`. A suite is in the first lane that has it, and in `pure` if none has: it needs
 * no bundle, no synthesized stack, no process and no service then, and waits for no real time.
 */
const LANES = {
  /** Hundreds of runs of a simulated world. */
  simulation: ['tools/capacity/load', 'tools/explore/', 'tools/simulate/(main|outage-load|simulation)'],
  /** The built bundles, child processes, services on this machine, and real time. */
  process: [
    '(dlq-)?processor/bundle',
    'dlq-processor/(item-limit|story)',
    'processor/adapters/',
    'producer/(guide|sdk-answers)',
    'ops/(?!format)',
    'package\\.',
    'cli/(lost-output|temporary-directory)',
    'workflows/',
    'app/determinism',
    'infrastructure/(token-expression|policy-graph/metrics)',
    'tools/bundle/bundle',
    'tools/(bench|deploy|local|mutate|package|package-check|release|synth-hcl|validate)/',
    'tools/cost/measurement',
    'tools/(chaos|demo)/(?!report|random|view|verification/)',
    'tools/e2e/(emulator|processes)',
    'tools/kit/cloudwatch/(endpoint|meters|sources)',
    'tools/page/(html|server)',
    'tools/kit/(aws|event-source|fifo-(backlog|queue\\.)|fraud-api|function-process)',
    'tools/plan-review/(assessment|commands|github|notes|reviewed-plan)',
    'tools/(scan|site)/main',
    'contract/hostile-time',
    'docs/(first-payment|runbook-commands|typescript)',
    'examples/(fraud-adapter|producer-)',
  ],
  /** Stacks are made, or the deployed one is read. */
  synthesized: [
    'app/',
    'docs/',
    'examples/',
    'infrastructure/',
    'readme',
    'spec-coverage/',
    'tools/cost/main',
    'tools/documents/',
    'tools/kit/cloudwatch/deployed-alarms',
    'tools/e2e/(e2e|faults)',
    'tools/plan-review/stack-allowlist',
    'tools/scan/production-stack',
    'tools/simulate/settings',
    'tools/terraform/offline-stack',
  ],
} as const;

/** The modules that a pure suite may not use, and the module that replaces each and says so. */
const REFUSED_IN_PURE = {
  '^(node:)?child_process$': '<rootDir>/tools/kit/lanes/no-processes.ts',
  '^(cdktf|@cdktf/.*|dynalite/.*|fauxqs)$': '<rootDir>/tools/kit/lanes/refused.ts',
};

/** Makes what `npx projen bundle` and `npx projen synth` make, and cdktf as one file. */
const BUILT = {
  globalSetup: '<rootDir>/tools/kit/lanes/build.ts',
  moduleNameMapper: { '^cdktf$': '<rootDir>/node_modules/.cache/packages/cdktf.cjs' },
};

/** A jest project for each lane. */
export function laneProjects(common: object): object[] {
  const project = (displayName: string, ignored: readonly string[], own: object = {}) => ({
    displayName,
    testPathIgnorePatterns: ignored,
    ...common,
    ...own,
  });
  const { simulation, process, synthesized } = LANES;
  return [
    project('pure', [...below(simulation), ...below(process), ...below(synthesized)], {
      moduleNameMapper: REFUSED_IN_PURE,
    }),
    project('synthesized', [...others(synthesized), ...below(simulation), ...below(process)], BUILT),
    project('process', [...others(process), ...below(simulation)], BUILT),
    project('simulation', others(simulation)),
  ];
}

function below(patterns: readonly string[]): string[] {
  return patterns.map((pattern) => `^<rootDir>/test/${pattern}`);
}

/** All suites that no pattern has. */
function others(patterns: readonly string[]): string[] {
  return [`^<rootDir>/test/(?!${patterns.join('|')})`];
}
