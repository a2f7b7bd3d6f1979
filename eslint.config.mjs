// Generated from projenrc/lint.ts
import tseslint from 'typescript-eslint';

const PROVIDER_INDEXES = [
  {
    "name": "@cdktf/provider-aws",
    "message": "Import from @cdktf/provider-aws/lib/<resource>."
  },
  {
    "name": "@cdktf/provider-archive",
    "message": "Import from @cdktf/provider-archive/lib/<resource>."
  },
  {
    "name": "@cdktf/provider-random",
    "message": "Import from @cdktf/provider-random/lib/<resource>."
  }
];

/** The imports that each room is allowed. */
const BOUNDARIES = [
  {
    "files": "src/contract/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|infrastructure|ops|preflight|processor|producer|runtime|index|test|tools)(/|$)|^(?!\\.|node:|canonicalize|credit-card-type|ibantools|lossless-json|valibot)",
    "message": "Every side speaks the contract: it imports none of them, no AWS SDK and no cdktf."
  },
  {
    "files": "src/preflight/**",
    "pattern": "^(\\.\\.?/)+(app|cli|contract|dlq-processor|infrastructure|ops|processor|producer|runtime|index|test|tools)(/|$)|^(?!\\.|node:)",
    "message": "It runs before anything else is loaded."
  },
  {
    "files": "src/runtime/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|infrastructure|ops|preflight|processor|producer|index|test|tools)(/|$)|^(?!\\.|node:|@aws-lambda-powertools/|@aws-sdk/|@smithy/|aws-lambda)",
    "message": "Both functions share it: it imports neither of them."
  },
  {
    "files": "src/processor/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|infrastructure|ops|preflight|producer|index|test|tools)(/|$)|^(?!\\.|node:|@aws-lambda-powertools/|@aws-sdk/|aws-lambda|cockatiel|p-limit)",
    "message": "A function never loads cdktf or the other function. Shared code belongs in contract or runtime."
  },
  {
    "files": "src/dlq-processor/**",
    "pattern": "^(\\.\\.?/)+(app|cli|infrastructure|ops|preflight|processor|producer|index|test|tools)(/|$)|^(?!\\.|node:|@aws-lambda-powertools/|@aws-sdk/|aws-lambda|cockatiel|p-limit)",
    "message": "A function never loads cdktf or the other function. Shared code belongs in contract or runtime."
  },
  {
    "files": "src/producer/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|infrastructure|ops|processor|runtime|index|test|tools)(/|$)|^(?!\\.|node:|@aws-sdk/client-sqs|cockatiel)",
    "message": "Users load it without cdktf and without the functions."
  },
  {
    "files": "src/infrastructure/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|ops|processor|producer|runtime|index|test|tools)(/|$)|^(?!\\.|node:|cdktf|constructs|@cdktf/provider-|ipaddr.js)",
    "message": "Infrastructure takes the built bundle, never a handler. Shared names belong in contract."
  },
  {
    "files": "src/app/**",
    "pattern": "^(\\.\\.?/)+(contract|dlq-processor|ops|preflight|processor|producer|runtime|test|tools)(/|$)|^(?!\\.|node:|cdktf|constructs|@cdktf/provider-)",
    "message": "The app uses the construct as a user of the package does."
  },
  {
    "files": "src/cli/**",
    "pattern": "^(\\.\\.?/)+(app|dlq-processor|infrastructure|ops|preflight|processor|producer|runtime|index|test|tools)(/|$)|^(?!\\.|node:|commander|picocolors)",
    "message": "Every command line shares it: it imports none of them."
  },
  {
    "files": "src/ops/**",
    "pattern": "^(\\.\\.?/)+(app|infrastructure(?!/resource-names)|processor|index|test|tools)(/|$)|^(?!\\.|node:|@aws-sdk/|@smithy/|cli-table3|commander|hpagent|ipaddr.js|valibot)",
    "message": "The operator's tool is quick to start, and works where nothing is synthesized: it never loads cdktf. Of the infrastructure it knows the names."
  },
  {
    "files": "src/processor/core/**",
    "pattern": "^(\\.\\.?/)+(app|cli|dlq-processor|infrastructure|ops|preflight|producer|runtime(?!/ports)|index|adapters|test|tools)(/|$)|^(?!\\.|node:|p-limit)",
    "message": "A core sees ports only. AWS, HTTP and Powertools belong in the adapters beside it, or in the runtime."
  },
  {
    "files": "src/dlq-processor/core/**",
    "pattern": "^(\\.\\.?/)+(app|cli|infrastructure|ops|preflight|processor|producer|runtime(?!/ports)|index|adapters|test|tools)(/|$)|^(?!\\.|node:|valibot)",
    "message": "A core sees ports only. AWS, HTTP and Powertools belong in the adapters beside it, or in the runtime."
  },
  {
    "files": "tools/bench/**",
    "pattern": "^(\\.\\./)+((bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/bench-dead-letters/**",
    "pattern": "^(\\.\\./)+((bench|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/browser/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|bundle|capacity|chaos|cost|deploy|documents|e2e|explore|local|mutate|package|package-check|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/bundle/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/capacity/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|chaos|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/chaos/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|cost|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/cost/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/demo/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|deploy|documents|e2e|explore|local|mutate|package|package-check|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/deploy/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/documents/**",
    "pattern": "^(\\.\\./)+((bench-dead-letters|browser|bundle|chaos|demo|deploy|e2e|explore|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|site|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/e2e/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/explore/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/kit/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|terraform|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/local/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|deploy|documents|e2e|explore|mutate|package|package-check|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/mutate/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/package/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/package-check/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/page/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/plan-review/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|prose|rehearse|release|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/prose/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/rehearse/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|explore|local|mutate|package|package-check|page|prose|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/release/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/scan/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/simulate/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/site/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/spec-coverage/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/synth-hcl/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/terraform/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/validate/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|workflow-lint)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "tools/workflow-lint/**",
    "pattern": "^(\\.\\./)+((bench|bench-dead-letters|browser|bundle|capacity|chaos|cost|demo|deploy|documents|e2e|explore|local|mutate|package|package-check|page|plan-review|prose|rehearse|release|scan|simulate|site|spec-coverage|synth-hcl|validate)/(?!.*fixtures/)|test/)",
    "message": "A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites."
  },
  {
    "files": "examples/**",
    "pattern": "^\\.\\.|^(?!\\.|node:|@aws-sdk/|aws-lambda|cdktf|constructs|@cdktf/provider-)",
    "message": "An example imports its own folder and what the package's users import."
  }
];

export default tseslint.config(
  { ignores: ['lib/', 'assets/', 'cdktf.out/', 'dist/', 'coverage/', '.venv/', '.e2e/', '.mutation/', '.nodes/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: [
  "tsconfig.dev.json",
  "tsconfig.browser.json"
], tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Every index is checked by the compiler; where a bound is known, "!" says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Fixtures stand in for classes, take methods off them, cast what a test knows the type of, and run patched code.
    files: ['tools/**'],
    rules: {
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // The compiler checks the tests' types; linting by type would double the time of the whole test command.
  { files: ['test/**'], ...tseslint.configs.disableTypeChecked },
  ...BOUNDARIES.map(({ files, pattern, message }) => ({
    files: [files],
    rules: { 'no-restricted-imports': ['error', { paths: PROVIDER_INDEXES, patterns: [{ regex: pattern, message }] }] },
  })),
);
