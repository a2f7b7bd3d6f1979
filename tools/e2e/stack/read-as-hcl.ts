import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { offlineHcl } from '../../terraform/offline-hcl';
import { providerSources, readStack, STACK_FILE } from '../../terraform/stack-file';

const HCL_FILE = 'cdk.tf';
const STAND_INS_FILE = 'stand-ins.tf.json';

/** Both directories hold the stack as it was synthesized, in the one form and in the other. */
export interface Forms {
  readonly json: string;
  readonly hcl: string;
}

/**
 * Puts the HCL where an initialised directory has the JSON, for as long as the work takes: providers, override file and
 * assets are the same. Where the directory's JSON does without archive and random, the HCL does, too.
 */
export async function readAsHcl<T>(directory: string, forms: Forms, work: () => Promise<T>): Promise<T> {
  const [json, aside, hcl, standIns] = [STACK_FILE, `${STACK_FILE}.aside`, HCL_FILE, STAND_INS_FILE].map((file) =>
    join(directory, file),
  ) as [string, string, string, string];
  const text = readFileSync(join(forms.hcl, HCL_FILE), 'utf8');
  const stack = readStack(directory);
  const isOffline = providerSources(stack).length < providerSources(readStack(forms.json)).length;
  const offline = isOffline ? offlineHcl(text, stack) : { hcl: text, standIns: {} };
  writeFileSync(hcl, offline.hcl);
  writeFileSync(standIns, JSON.stringify(offline.standIns));
  renameSync(json, aside);
  try {
    return await work();
  } finally {
    renameSync(aside, json);
    for (const file of [hcl, standIns]) rmSync(file);
  }
}
