import { codeBlocks, pageText, savedFiles } from './documents';

const PAGE = pageText('docs/tutorials/your-own-stack.md');

/** The packages that the tutorial's reader installs, by name and version. */
export const INSTALLED =
  codeBlocks(PAGE, 'sh')
    .join('\n')
    .replaceAll('\\\n', '')
    .match(/\S+@\d\S*|\S+\.tgz/g) ?? [];

export const OWN_STACK_FILES = savedFiles(PAGE);

/** The error that the page shows. */
export const [PROPS_ERROR = ''] = codeBlocks(PAGE, 'text').filter((text) => text.startsWith('PaymentPipelineProps'));

/** Of the classes that the section names with their modules. */
const IMPORTS = `import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
`;

/** The tutorial's files after its section "Customize the pipeline". */
export function customizedFiles(): Readonly<Record<string, string>> {
  const parts = codeBlocks(PAGE, 'ts').filter((code) => code.startsWith('    '));
  const stack = OWN_STACK_FILES['stack.ts']!.replace(/^ +const pipeline =.*^ +exportOutputs\(pipeline\);\n/ms, () =>
    parts.join(''),
  );
  return { ...OWN_STACK_FILES, 'stack.ts': IMPORTS + stack };
}
