/** A function as small as can be, for tests that are not about what a function does. */
export function handler(event: { readonly name: string }): string {
  return `Hello, ${event.name}. ✓`;
}
