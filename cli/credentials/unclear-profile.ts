import { isDeepStrictEqual } from 'node:util';

import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';

import type { RotatedKey } from '../../client/rotated-key';
import {
  fromBytes,
  ID,
  inBytes,
  isBlank,
  type Line,
  linesOf,
  propertyOf,
  SECRET,
  sectionOf,
  TOKENS,
  withoutMark,
} from './profile-lines';

/** Where a text is from, and which profile of it counts. */
export interface ProfilePlace {
  readonly file: string;
  readonly profile: string;
}

const PLAIN = /^[a-z_]+\s*=\s*(?:\S+\s*)?$/;

/**
 * Refuses a credentials file that the SDKs read in different ways, as far as that touches the profile: what is written
 * there would be read by some of them and not by others. botocore reads with Python's configparser, to which an indented
 * line continues the one above it, and a comment behind a value belongs to the value.
 * https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 *
 * @throws Error with file, line and what to do
 */
export function refuseUnclear(text: string, { file, profile }: ProfilePlace): void {
  const wanted = inBytes(profile);
  let section: string | undefined;
  /** The line that an indented one belongs to. */
  let above: Line | undefined;
  for (const [index, line] of linesOf(text).entries()) {
    const refuse = (what: string, remedy: string): Error =>
      new Error(`${file}, line ${index + 1}: ${what}. ${remedy} Nothing was changed.`);
    const trimmed = withoutMark(line.text).trim();
    if (line.text.includes('\r'))
      throw refuse('a carriage return that ends no line', 'Take it out, or break the line there.');
    if (isBlank(line) || /^[#;]/.test(trimmed)) continue;
    if (trimmed.startsWith('[')) {
      section = sectionOf(line);
      above = line;
      if (section === undefined)
        throw refuse(
          'some programs take this for a profile, and others do not',
          'Write [name] at the beginning of the line, and a comment on a line of its own.',
        );
      continue;
    }
    if (section === undefined)
      throw refuse(
        'this stands before the first [profile], so the file is no credentials file',
        'Name another file, or take the line out.',
      );
    const isIndented = /^\s/.test(line.text);
    if (section === wanted) {
      if (isIndented && (isOurs(above) || (isOurs(line) && hasValue(above))))
        throw refuse(
          'some programs take an indented line for more of the line above it',
          'Take the spaces at its beginning away.',
        );
      if (!isIndented && isHalfOfKey(line) && !PLAIN.test(line.text))
        throw refuse(
          'some programs read this value in another way',
          `Write it as ${propertyOf(line)?.name} = …, in small letters, and a comment on a line of its own.`,
        );
    }
    if (!isIndented) above = line;
  }
}

/** A header, below which a key may be added, or a part of a key. */
const isOurs = (line: Line | undefined): boolean =>
  line !== undefined &&
  (sectionOf(line) !== undefined || isHalfOfKey(line) || TOKENS.includes(propertyOf(line)?.name ?? ''));

const isHalfOfKey = (line: Line): boolean => [ID, SECRET].includes(propertyOf(line)?.name ?? '');

const hasValue = (line: Line | undefined): boolean =>
  line !== undefined && (sectionOf(line) !== undefined || propertyOf(line)?.value !== '');

/**
 * Reads a changed text as the SDK for JavaScript does, before it takes the old one's place.
 *
 * @throws Error where the profile would not be read with the key, or another profile not as before
 */
export async function readBack(
  before: string,
  after: string,
  place: ProfilePlace,
  key: RotatedKey,
): Promise<void> {
  const [profilesBefore, profiles] = [await profilesOf(before), await profilesOf(after)];
  const profile = profiles[place.profile];
  const others = { ...profiles, [place.profile]: undefined };
  const othersBefore = { ...profilesBefore, [place.profile]: undefined };
  // The SDK for JavaScript reads no profile that has a space in its name.
  const isRead =
    /\s/.test(place.profile) ||
    (profile?.[ID] === key.accessKeyId &&
      profile[SECRET] === key.secretAccessKey.reveal() &&
      TOKENS.every((token) => profile[token] === undefined));
  if (isRead && isDeepStrictEqual(others, othersBefore)) return;
  throw new Error(
    `${place.file}: with the key in profile ${place.profile}, the AWS SDK would not read the file as it should. ` +
      'Look for lines that are neither [profile] nor name = value. Nothing was changed.',
  );
}

/** In memory: the text is in no file yet. */
async function profilesOf(
  text: string,
): Promise<Record<string, Readonly<Record<string, string | undefined>> | undefined>> {
  const [filepath, configFilepath] = ['iam-key-rotation:credentials', 'iam-key-rotation:config'];
  externalDataInterceptor.interceptFile(filepath, fromBytes(text));
  externalDataInterceptor.interceptFile(configFilepath, '');
  try {
    return (await loadSharedConfigFiles({ filepath, configFilepath })).credentialsFile;
  } finally {
    // The key is not kept.
    externalDataInterceptor.interceptFile(filepath, '');
  }
}
