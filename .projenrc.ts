import { javascript, JsonFile, typescript } from 'projen';
import { addCommands } from './projenrc/commands';
import { addCurrencies } from './projenrc/currencies';
import { addFormat } from './projenrc/format';
import { addLint } from './projenrc/lint';
import { addMutation } from './projenrc/mutation';
import { describePackage } from './projenrc/package';
import * as packages from './projenrc/packages';
import { addWorkflows } from './projenrc/terraform-workflows';
import { addTests } from './projenrc/tests';
import { addTypeCheck, COMPILER_OPTIONS } from './projenrc/typescript';

const project = new typescript.TypeScriptProject({
  name: 'cdktf-payment-pipeline',
  description: 'Payments checked against a fraud API, in strict order per account, as one CDKTF construct',
  keywords: ['cdktf', 'cdktn', 'terraform', 'payments', 'sqs', 'fifo', 'lambda', 'projen'],
  license: 'Apache-2.0',
  copyrightOwner: 'The cdktf-payment-pipeline authors',
  authorName: 'The cdktf-payment-pipeline authors',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: packages.PROJEN_VERSION,
  typescriptVersion: packages.TYPESCRIPT_VERSION,
  deps: packages.DEPENDENCIES,
  peerDeps: packages.PEER_DEPENDENCIES,
  devDeps: packages.DEV_DEPENDENCIES,
  allowScripts: packages.PACKAGES_WITH_INSTALL_SCRIPTS,
  tsconfig: { compilerOptions: COMPILER_OPTIONS },
  disableTsconfigDev: true,
  gitignore: [
    '/assets/',
    '/cdktf.out/',
    '.terraform/',
    '*.tfstate*',
    '/terraform.tfvars',
    '/.venv/',
    '/.e2e/',
    '/.nodes/',
    '/.runs/',
  ],
  entrypoint: 'lib/index.js',
  npmignoreEnabled: false, // package.json's "files" says what is packed
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },
  // projen's own versions of these do things that the project's do not: jest -u, eslint --fix, unpinned actions.
  jest: false,
  eslint: false,
  sampleCode: false,
  release: false,
  buildWorkflow: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  githubOptions: { mergify: false, pullRequestLint: false },
});

packages.overrideTransitive(project);
describePackage(project, packages.PEER_DEPENDENCIES);

addCurrencies(project);
addTypeCheck(project);
addFormat(project);
addLint(project);
addCommands(project);
// For `cdktf` and `cdktn`, which write another file without an id into it. Neither is a dependency.
new JsonFile(project, 'cdktf.json', {
  obj: {
    language: 'typescript',
    app: 'npx tsx src/app/main.ts',
    projectId: 'cdktf-payment-pipeline',
    sendCrashReports: 'false',
  },
});
addTests(project);
addMutation(project);
// What a merge is applied to before production, each with its profile, such as { dev: 'dev', staging: 'production' }.
addWorkflows(project, {});

project.synth();
