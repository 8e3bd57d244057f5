import type { Draft, DraftStack } from '../draft';
import { inheritRotation } from '../effective-rotation';
import { formatPath, type Path } from '../problem';
import type { RawRotation } from '../schema/rotation';

/** Where rotation keys stand: the file's defaults, a stack's, or a user. */
export interface Layer {
  readonly path: Path;
  readonly own: RawRotation;
  /** What holds where this one says nothing: of all layers above together. */
  readonly inherited: RawRotation;
  /** From the nearest to the file's defaults. */
  readonly above: readonly Layer[];
}

export interface Layers {
  /** Of the file, and of each stack that has some. */
  readonly defaults: readonly Layer[];
  readonly users: readonly Layer[];
}

export function layersOf(draft: Draft): Layers {
  const ofFile: Layer = { path: ['defaults'], own: draft.defaults, inherited: {}, above: [] };
  // The shards of a stack have its defaults in common.
  const ofStacks = new Map(
    draft.stacks.map((stack): [string, Layer] => [formatPath(stack.path), ofStack(stack, ofFile)]),
  );
  const users = draft.stacks.flatMap((stack) => {
    const parent = ofStacks.get(formatPath(stack.path)) ?? ofFile;
    const inherited = inheritRotation(parent.inherited, parent.own);
    const above = [parent, ...parent.above];
    return stack.users.map(({ path, values }): Layer => ({ path, own: values, inherited, above }));
  });
  return { defaults: [ofFile, ...ofStacks.values()], users };
}

function ofStack({ path, values }: DraftStack, ofFile: Layer): Layer {
  return {
    path: [...path, 'defaults'],
    own: values.defaults ?? {},
    inherited: ofFile.own,
    above: [ofFile],
  };
}

/** Whether none of the keys was refused, here or in what is inherited. */
export const isLayerSound = (draft: Draft, { path, above }: Layer, keys: readonly string[]): boolean =>
  keys.every((key) => [{ path }, ...above].every((layer) => draft.isSound([...layer.path, key])));

/** Whether there is a user that takes over what a layer says as it is, or might be one day. */
export function isTakenOver(
  layer: Layer,
  users: readonly Layer[],
  says: (rotation: RawRotation) => boolean,
): boolean {
  const below = users.filter(({ above }) => above.includes(layer));
  return (
    below.length === 0 ||
    below.some((user) =>
      [user, ...user.above.slice(0, user.above.indexOf(layer))].every(({ own }) => !says(own)),
    )
  );
}
