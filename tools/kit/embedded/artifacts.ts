import { join } from 'node:path';
import { thisProject } from '../project';

/** The build artifacts that a run needs. */
export interface Artifacts {
  readonly stackFile: string;
  readonly bundle: string;
}

/** @param directory of this run alone, so that parallel runs do not share it */
export type Build = (step: (text: string) => void, directory: string) => Promise<Artifacts>;

/** Bundles and synthesizes. */
export const buildArtifacts: Build = async (step, directory) => {
  step('Bundling the functions');
  await thisProject.bundle();
  step('Synthesizing the stack');
  await thisProject.synthesize('dev', { CDKTF_OUTDIR: directory });
  return {
    stackFile: join(directory, 'stacks', 'payment-pipeline', 'cdk.tf.json'),
    bundle: join(thisProject.root, 'assets', 'payment-processor', 'index.mjs'),
  };
};
