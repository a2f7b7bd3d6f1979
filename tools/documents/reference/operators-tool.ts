import type { Option } from 'commander';
import { EXIT } from '../../../src/cli/command-error';
import type { Program } from '../../../src/cli/program';
import { opsCommand } from '../../../src/ops/commands';
import { CHECKS } from '../../../src/ops/verify/checks';
import { code, table } from '../generated';

/** The commands in docs/reference/operators-tool.md, as users of the package call them. */
export function operatorsToolPage(): string {
  const program = opsCommand();
  const commands = program.commands as readonly Program[];
  const { exitCodes, note } = commands[0]!.text!;
  const isCommon = ({ flags }: Option) => commands.every(({ options }) => options.some((one) => one.flags === flags));
  return [
    '## Options of every command',
    optionTable(commands[0]!.options.filter(isCommon)),
    '## Environment',
    table(
      ['variable', 'meaning'],
      Object.entries(program.text!.lists!.Environment!).map(([name, meaning]) => [code(name), sentence(meaning)]),
    ),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.entries(exitCodes).map(([name, meaning]) => [String(EXIT[name as keyof typeof EXIT]), sentence(meaning)]),
    ),
    note!,
    ...commands.flatMap((command) => {
      const { description, examples, note: itsNote } = command.text!;
      const own = command.options.filter((option) => !isCommon(option));
      return [
        `## ${command.name()}`,
        code(`npx payment-pipeline ${command.name()} ${command.usage()}`),
        withCode([description].flat().join('\n\n')),
        ...(own.length === 0 ? [] : [optionTable(own)]),
        ...(itsNote === note ? [] : [withCode(itsNote!.replace(note!, '').trim())]),
        ['```sh', ...examples.map((example) => example.replace('npx projen ops', 'npx payment-pipeline')), '```'].join(
          '\n',
        ),
        ...(command.name() === 'verify' ? checks() : []),
      ];
    }),
  ].join('\n\n');
}

/** The checks of `verify`, and a policy for an operator who runs it. */
function checks(): string[] {
  const Action = [...new Set(CHECKS.flatMap(({ actions }) => actions))].sort();
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
  return [
    '### Checks',
    table(
      ['check', 'reads by'],
      CHECKS.map(({ name, actions }) => [name, actions.map(code).join(', ')]),
    ),
    '### Permissions',
    'This policy allows every check:',
    ['```json', JSON.stringify(policy, null, 2), '```'].join('\n'),
  ];
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['option', 'default', 'meaning'],
    options.map(({ flags, description, mandatory, defaultValue, argChoices }) => [
      code(flags),
      mandatory ? 'required' : defaultValue === undefined ? '' : code(String(defaultValue)),
      `${sentence(description)}${argChoices === undefined ? '' : ` One of ${argChoices.map(code).join(', ')}.`}`,
    ]),
  );
}

function sentence(text: string): string {
  return withCode(`${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`);
}

/** With options as code. */
function withCode(text: string): string {
  return text.replace(/(?<![\w-])--[a-z-]+/g, code);
}
