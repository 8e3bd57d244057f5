/**
 * A path from the file's folder, with `/` and `*`. None that begins with `/` or has `..` in it: what is included is
 * part of the configuration, stands beside it, and moves with it.
 */
export const PART_PATTERN = /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\p{C}\p{Zl}\p{Zp}]{1,500}\.ya?ml$/u;
