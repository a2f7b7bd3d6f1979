import { Op, Token } from 'cdktf';

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A number as a text has it, or the expression of one that only Terraform knows. */
export function figure(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : value.toLocaleString('en-US');
}

/** A time as a text has it, such as `ten minutes`. Each value may be a token. @param times how many times the seconds count */
export function duration(seconds: number, times = 1): string {
  if (Token.isUnresolved(seconds) || Token.isUnresolved(times))
    return `${Token.asString(times === 1 ? seconds : Op.mul(seconds, times))} seconds`;
  const minutes = (seconds * times) / 60;
  if (!Number.isInteger(minutes)) return `${figure(seconds * times)} seconds`;
  const [count, unit] = minutes > 60 && minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${WORDS[count] ?? figure(count)} ${unit}${count === 1 ? '' : 's'}`;
}
