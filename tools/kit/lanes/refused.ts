/** Replaces, in the pure lane, cdktf, its providers and the services that run on this machine. */
throw new Error('A pure suite loads no cdktf and no service: give its path to another lane in projenrc/lanes.ts.');
