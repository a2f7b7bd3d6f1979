import { REPLACED_PROVIDERS, type TerraformJson } from './offline-stack';
import { RANDOM_TYPES, type RandomType, referToStandInsInHcl } from './stand-ins';

const PROVIDERS = REPLACED_PROVIDERS.join('|');

/** A block from its head to the next one: cdktf indents nothing, so a line with a brace alone may end any block. */
const REPLACED_BLOCK = new RegExp(
  `^(?:provider "(?:${PROVIDERS})"|data "archive_file" "(\\w+)"|resource "(${RANDOM_TYPES.join('|')})" "(\\w+)") \\{$[^]*?(?=^\\w+(?: "\\w+")* \\{$|(?![^]))`,
  'gm',
);
const REQUIREMENT = new RegExp(`^ *(?:${PROVIDERS}) = \\{\\n[^}]*\\}\\n`, 'gm');

/** A stack in HCL that does without the providers archive and random, with the stand-ins of its JSON in a file beside it. */
export interface OfflineHcl {
  readonly hcl: string;
  readonly standIns: TerraformJson;
}

/**
 * Does to HCL, as cdktf writes it, what `offlineStack` has done to the JSON of the same stack.
 * @param offline that JSON
 */
export function offlineHcl(hcl: string, offline: TerraformJson): OfflineHcl {
  const blocks = [...hcl.matchAll(REPLACED_BLOCK)];
  const archives = blocks.flatMap(([, archive]) => archive ?? []);
  const ids = (type: RandomType) => blocks.flatMap(([, , found, id = '']) => (found === type ? id : []));
  const rest = hcl.replace(REPLACED_BLOCK, '').replace(REQUIREMENT, '');
  const { terraform_data } = offline.resource as TerraformJson;
  return {
    hcl: referToStandInsInHcl(rest, {
      archives,
      randoms: { random_uuid: ids('random_uuid'), random_bytes: ids('random_bytes') },
    }),
    standIns: { locals: offline.locals, resource: { terraform_data } },
  };
}
