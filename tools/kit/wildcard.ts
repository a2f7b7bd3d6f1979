/** Whether a text matches a pattern, in which `*` stands for any characters. */
export function like(pattern: string, text: string): boolean {
  const regex = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${regex}$`, 's').test(text);
}
