/** What a text has to match, and must not, as Terraform's `regex` takes it: RE2, which looks neither ahead nor back. */
export interface Re2 {
  readonly matches: readonly string[];
  readonly doesNotMatch: readonly string[];
  /** In characters. */
  readonly length?: { readonly from: number; readonly to: number };
}

/** `(?=…)` or `(?!…)`, with brackets in it one deep. */
const LOOK_AHEAD = /^\(\?([=!])((?:[^()]|\([^()]*\))*)\)/;

/**
 * A pattern of the configuration's schema as conditions of Terraform.
 *
 * @throws Error for what RE2 cannot say: anything that looks ahead, but at the beginning
 */
export function re2Of({ source, flags }: RegExp): Re2 {
  const head = flags.includes('i') ? '(?i)' : '';
  const matches: string[] = [];
  const doesNotMatch: string[] = [];
  let length: Re2['length'];
  let rest = source;
  while (LOOK_AHEAD.test(rest.slice(1))) {
    const [whole, sign, ahead = ''] = LOOK_AHEAD.exec(rest.slice(1)) ?? [];
    rest = `^${rest.slice(1 + (whole ?? '').length)}`;
    const limits = /^\.\{(\d+),(\d+)\}\$$/.exec(ahead);
    if (sign === '!') doesNotMatch.push(`${head}^${inRe2(ahead)}`);
    else if (limits === null) matches.push(`${head}^${inRe2(ahead)}`);
    else length = { from: Number(limits[1]), to: Number(limits[2]) };
  }
  if (/\(\?[=!<]/.test(rest) || (rest !== source && hasChoice(rest))) {
    throw new Error(`Terraform has no way to say ${source}. Look ahead at its beginning alone.`);
  }
  return { matches: [...matches, `${head}${inRe2(rest)}`], doesNotMatch, ...(length && { length }) };
}

/** Outside of all brackets: then what stands at the beginning is of the first choice alone. */
const hasChoice = (source: string): boolean =>
  source
    .replaceAll(/\\.|\[(?:\\.|[^\\\]])*\]?/g, '')
    .replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, '')
    .includes('|');

/** RE2's `.` and `\S` take what no text of the configuration has: see `text` of the schema. */
const inRe2 = (source: string): string =>
  source
    .replaceAll(/\[(?:\\.|[^\\\]])*\]?|\\.|\./g, (part) =>
      part === '.' ? VISIBLE : part === '\\S' ? VISIBLE.replace('\\p{Zl}\\p{Zp}', '\\s\\p{Z}') : part,
    )
    .replaceAll('\\/', '/');

const VISIBLE = '[^\\p{C}\\p{Zl}\\p{Zp}]';
