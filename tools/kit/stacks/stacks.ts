import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// A type only: swc removes the import. Jest still counts it as a dependency, so `--onlyChanged` runs the readers when src changes.
import { type CONFIGURATIONS, type EXAMPLES } from './configurations';
import { StackGraph } from './stack-graph';
import { STACKS_DIRECTORY, Template } from './template';

type StackName = keyof typeof CONFIGURATIONS | `example-${keyof typeof EXAMPLES}`;

export function readTemplate(name: StackName): Template {
  return new Template(JSON.parse(readFileSync(join(STACKS_DIRECTORY, `${name}.json`), 'utf8')) as Template['json']);
}

export function readGraph(name: StackName): StackGraph {
  return new StackGraph(readTemplate(name).json);
}
