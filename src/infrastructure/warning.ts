import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';

/** Warns in a synthesis, by itself and by cdktf's command line, which alone prints annotations. */
export function warn(scope: Construct, warning: string): void {
  Annotations.of(scope).addWarning(warning);
  process.emitWarning(warning);
}
