import * as v from 'valibot';
import { ARCHIVE_ATTRIBUTES, localName, NoStandInError, RANDOM_TYPES, referToStandIns } from './stand-ins';

/** A directory that Terraform would zip, as its `data.archive_file` says. */
export interface ArchiveFile {
  readonly id: string;
  /** Relative to the stack, as is the path of the zip. */
  readonly sourceDirectory: string;
  readonly outputPath: string;
  /** Files of the directory that stay out of the zip. */
  readonly excludes: readonly string[];
}

export interface PackagedArchive {
  /** Where Terraform is to find the zip. */
  readonly path: string;
  readonly base64sha256: string;
}

export type PackageDirectory = (archive: ArchiveFile) => PackagedArchive;

/** A stack as it stands in `cdk.tf.json`. */
export type TerraformJson = Readonly<Record<string, unknown>>;

/** The providers that an offline stack does without, by their names in `required_providers`. */
export const REPLACED_PROVIDERS = ['archive', 'random'] as const;

const named = v.optional(v.record(v.string(), v.unknown()), {});
const blocks = v.optional(v.record(v.string(), v.record(v.string(), v.looseObject({}))), {});
const stackFile = v.looseObject({
  terraform: v.optional(v.looseObject({ required_providers: named }), {}),
  provider: named,
  locals: named,
  data: blocks,
  resource: blocks,
});

const literal = v.pipe(
  v.string(),
  v.check((text) => !/[$%]\{/.test(text)),
);
const archiveFile = v.object({
  type: v.literal('zip'),
  source_dir: literal,
  output_path: literal,
  excludes: v.optional(v.array(literal), []),
  count: v.optional(v.never()),
  for_each: v.optional(v.never()),
});

/**
 * The same stack without the providers archive and random: what `data.archive_file` would find out is in `locals`, and
 * a `random_uuid` is a `terraform_data`, whose id is a UUID too, and a new one when the keepers change; so is a `random_bytes`.
 * @throws NoStandInError
 */
export function offlineStack(json: TerraformJson, packageDirectory: PackageDirectory): TerraformJson {
  const stack = v.parse(stackFile, json);
  const { archive_file: archives = {}, ...data } = stack.data;
  const { random_uuid = {}, random_bytes = {}, terraform_data: ownData = {}, ...resources } = stack.resource;
  const randoms = { random_uuid, random_bytes };
  refuseOthers([...Object.keys(data), ...Object.keys(resources)]);
  refuseSameNames(randoms, ownData);

  const rest = {
    ...stack,
    terraform: { ...stack.terraform, required_providers: withoutReplaced(stack.terraform.required_providers) },
    provider: withoutReplaced(stack.provider),
    data,
    resource: {
      ...resources,
      terraform_data: { ...ownData, ...mapValues({ ...random_uuid, ...random_bytes }, renewedWithItsKeepers) },
    },
  };
  const replaced = { archives: Object.keys(archives), randoms: mapValues(randoms, Object.keys) };
  const { locals, ...others } = referToStandIns(rest, replaced);
  return { ...others, locals: { ...locals, ...packagedLocals(archives, packageDirectory) } };
}

function refuseOthers(types: readonly string[]): void {
  const other = types.find((type) => REPLACED_PROVIDERS.some((provider) => type.startsWith(`${provider}_`)));
  if (other !== undefined)
    throw new NoStandInError(other, `, only for data.archive_file, ${RANDOM_TYPES.join(' and ')}`);
}

function refuseSameNames(randoms: Readonly<Record<string, object>>, ownData: object): void {
  const taken = new Set(Object.keys(ownData));
  for (const [type, resources] of Object.entries(randoms)) {
    for (const id of Object.keys(resources)) {
      if (taken.has(id))
        throw new NoStandInError(`${type}.${id}`, `: its stand-in would be a second terraform_data.${id}`);
      taken.add(id);
    }
  }
}

function withoutReplaced(providers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const replaced: readonly string[] = REPLACED_PROVIDERS;
  return Object.fromEntries(Object.entries(providers).filter(([name]) => !replaced.includes(name)));
}

function renewedWithItsKeepers({ keepers, length: _length, provider: _provider, ...others }: Record<string, unknown>) {
  return { ...others, ...(keepers === undefined ? {} : { triggers_replace: keepers }) };
}

function packagedLocals(archives: Readonly<Record<string, unknown>>, packageDirectory: PackageDirectory) {
  return Object.fromEntries(
    Object.entries(archives).map(([id, block]) => [
      localName(id),
      packagedValues(packageDirectory(describe(id, block))),
    ]),
  );
}

function describe(id: string, block: unknown): ArchiveFile {
  const { success, output } = v.safeParse(archiveFile, block);
  if (!success)
    throw new NoStandInError(`data.archive_file.${id}`, ': it is not one zip of one directory, named literally');
  return { id, sourceDirectory: output.source_dir, outputPath: output.output_path, excludes: output.excludes };
}

function packagedValues({ path, base64sha256 }: PackagedArchive): Record<(typeof ARCHIVE_ATTRIBUTES)[number], string> {
  return {
    output_path: path.replace(/[$%](?=\{)/g, '$&$&'), // a path is no template
    output_base64sha256: base64sha256,
    output_sha256: Buffer.from(base64sha256, 'base64').toString('hex'),
  };
}

function mapValues<K extends string, T, R>(record: Readonly<Record<K, T>>, change: (value: T) => R): Record<K, R> {
  return Object.fromEntries(Object.entries<T>(record).map(([key, value]) => [key, change(value)])) as Record<K, R>;
}
