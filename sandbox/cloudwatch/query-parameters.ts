interface Parameters {
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The query protocol writes a list as `AlarmNames.member.1`, `AlarmNames.member.2`, … */
export function listParameter({ parameters }: Parameters, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = parameters[`${name}.member.${index}`];
    if (typeof value !== 'string') return values;
    values.push(value);
  }
}

/** `Tags.member.1.Key`, `Tags.member.1.Value`, … */
export function tagParameter({ parameters }: Parameters): Map<string, string> {
  const tags = new Map<string, string>();
  for (let index = 1; ; index += 1) {
    const key = parameters[`Tags.member.${index}.Key`];
    if (typeof key !== 'string') return tags;
    const value = parameters[`Tags.member.${index}.Value`];
    tags.set(key, typeof value === 'string' ? value : '');
  }
}
