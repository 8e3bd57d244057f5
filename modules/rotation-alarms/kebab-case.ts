/** `rotationFailed` as `rotation-failed`. Checked by a test against the handlers' function of the same name. */
export const kebabCase = (kind: string): string =>
  kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
