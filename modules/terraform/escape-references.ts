/**
 * The value with every string in it escaped for Terraform, which would otherwise take a person's `${` or `%{` for
 * the begin of a template. Keys stay as they are.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export function escapeReferences<T>(value: T): T {
  return escaped(value) as T;
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') {
    // `$$${` in the file is a dollar sign and `$${`: doubling the sign before the brace is right wherever it stands.
    return value.replaceAll(/[$%](?=\{)/g, '$&$&');
  }
  if (Array.isArray(value)) {
    return value.map(escaped);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]));
  }
  return value;
}
