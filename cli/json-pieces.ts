/** What JSON.stringify makes of a document, one element of its lists after the other. */
export function* jsonPieces(document: object, indent: number): Generator<string> {
  const newLine = (depth: number): string => (indent === 0 ? '' : `\n${' '.repeat(indent * depth)}`);
  const textOf = (value: unknown, depth: number): string =>
    JSON.stringify(value, undefined, indent).replaceAll('\n', newLine(depth));
  let before = '{';
  for (const [name, field] of Object.entries(document)) {
    if (field === undefined) continue;
    yield `${before}${newLine(1)}${JSON.stringify(name)}:${indent === 0 ? '' : ' '}`;
    if (Array.isArray(field) && field.length > 0) {
      for (const [index, element] of field.entries())
        yield `${index === 0 ? '[' : ','}${newLine(2)}${textOf(element, 2)}`;
      yield `${newLine(1)}]`;
    } else yield textOf(field, 1);
    before = ',';
  }
  yield before === '{' ? '{}' : `${newLine(0)}}`;
}
