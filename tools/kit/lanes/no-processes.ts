/** Replaces node:child_process in the pure lane: modules that import it may be tested there, but start no process. */
function refuse(): never {
  throw new Error('A pure suite starts no process: give its path to another lane in projenrc/lanes.ts.');
}

export {
  refuse as exec,
  refuse as execFile,
  refuse as execFileSync,
  refuse as execSync,
  refuse as fork,
  refuse as spawn,
  refuse as spawnSync,
};
