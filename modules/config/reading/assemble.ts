import { dirname } from 'node:path';

import { includedParts, type MapOf, type Part, type PartFiles } from './included-parts';
import { formatPath, type Problem, type Path, type PlacedProblem } from '../problem';
import { readYaml, type YamlSource } from './yaml-source';

/** The configuration as one document, whatever number of files it stands in. */
export interface Assembly {
  /** As if all stood in the first file; `undefined` if that one is no YAML. */
  readonly data: unknown;
  /** What is wrong with the files as such, and with how they come together. */
  readonly problems: readonly PlacedProblem[];
  /** Paths of which a part is missing, so that nothing is to be concluded from their absence. */
  readonly incomplete: readonly Path[];
  /** Adds to a problem in which file, and where there, it stands. */
  locate(problem: Problem): PlacedProblem;
  /** The file that a path leads into. */
  fileOf(path: Path): string;
  /** The order of the files: the first one, then the parts as they were included. */
  readonly files: readonly string[];
}

/** An entry that came from a part: where it is in the whole, and where in its file. */
interface Mount {
  readonly path: Path;
  readonly part: Part;
  readonly pathInPart: Path;
}

interface Place {
  readonly file: string;
  readonly source: YamlSource;
  readonly path: Path;
}

/**
 * Reads a configuration and what it includes. Parts at the top hold stacks; parts of a stack, or of a shard, hold
 * users, and nothing else: who owns such a file owns these users, and can change nothing of the stack. No part
 * includes another, save that a stack in a part may include users.
 */
export function assemble(file: string, text: string, files: PartFiles): Assembly {
  const first = readYaml(text);
  return new Assembler(file, first, files).assembly();
}

class Assembler {
  readonly #mounts = new Map<string, Mount>();
  readonly #problems: PlacedProblem[];
  readonly #incomplete: Path[] = [];
  readonly #files: string[];

  constructor(
    private readonly file: string,
    private readonly first: YamlSource,
    private readonly partFiles: PartFiles,
  ) {
    this.#files = [file];
    this.#problems = first.problems.map((problem) => ({ ...problem, file }));
  }

  assembly(): Assembly {
    return {
      data: this.#document(this.first.data),
      problems: this.#problems,
      incomplete: this.#incomplete,
      files: this.#files,
      locate: (problem) => this.#locate(problem),
      fileOf: (path) => this.#placeOf(path).file,
    };
  }

  #document(whole: unknown): unknown {
    if (!isMap(whole)) return whole;
    // A place for anchors, as in other YAML files of this kind.
    const data = Object.fromEntries(Object.entries(whole).filter(([key]) => !key.startsWith('x-')));
    const withStacks = this.#withParts(data, 'stacks', []);
    const stacks = withStacks['stacks'];
    if (!isMap(stacks)) return withStacks;
    return {
      ...withStacks,
      stacks: mapEntries(stacks, (stack, name) => this.#stack(stack, ['stacks', name])),
    };
  }

  #stack(stack: unknown, path: Path): unknown {
    if (!isMap(stack)) return stack;
    const withUsers = this.#withParts(stack, 'users', path);
    const shards = withUsers['shards'];
    if (!isMap(shards)) return withUsers;
    const withTheirs = mapEntries(shards, (shard, name) =>
      isMap(shard) ? this.#withParts(shard, 'users', [...path, 'shards', name]) : shard,
    );
    return { ...withUsers, shards: withTheirs };
  }

  /** `owner` with the entries of the parts that its `include` names, under `key`. */
  #withParts(owner: MapOf<unknown>, key: 'stacks' | 'users', path: Path): MapOf<unknown> {
    const { include } = owner;
    const own = owner[key] ?? {};
    // What is no list of paths is refused by the schema, and so is what is no map.
    if (!Array.isArray(include) || !isMap(own)) return owner;
    const entries = new Map(Object.entries(own));
    const place = this.#placeOf(path);
    const { parts, problems } = includedParts(include, {
      key,
      folder: dirname(place.file),
      file: place.file,
      root: dirname(this.file),
      files: this.partFiles,
      locate: (problem) => this.#locate({ ...problem, path: [...path, 'include', ...problem.path] }),
    });
    this.#problems.push(...problems);
    if (problems.length > 0 && entries.size === 0) this.#incomplete.push([...path, key]);
    for (const part of parts) {
      this.#files.push(part.file);
      for (const [name, value] of Object.entries(part.entries)) {
        this.#mount(entries, { path: [...path, key, name], part, pathInPart: [key, name] }, value);
      }
    }
    return { ...owner, [key]: Object.fromEntries(entries) };
  }

  #mount(entries: Map<string, unknown>, mount: Mount, value: unknown): void {
    const name = String(mount.path.at(-1));
    if (!entries.has(name)) {
      entries.set(name, value);
      this.#mounts.set(formatPath(mount.path), mount);
      return;
    }
    const { file, line } = this.#locate({ path: mount.path, rule: '', write: '' });
    const problem = mount.part.source.locate({
      path: mount.pathInPart,
      found: 'a second entry of this key',
      rule: `a key stands only once in a map, whatever files the map is in, and ${file ?? this.file}:${line} has it already`,
      write: 'one of the two entries, or another name for one of them',
    });
    this.#problems.push({ ...problem, path: mount.path, file: mount.part.file });
  }

  #locate(problem: Problem): PlacedProblem {
    const { file, source, path } = this.#placeOf(problem.path);
    return { ...source.locate({ ...problem, path }), path: problem.path, file };
  }

  /** The file that a path of the whole leads into, and the path there. */
  #placeOf(path: Path): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const mount = this.#mounts.get(formatPath(path.slice(0, length)));
      if (mount !== undefined) {
        const { part, pathInPart } = mount;
        return { file: part.file, source: part.source, path: [...pathInPart, ...path.slice(length)] };
      }
    }
    return { file: this.file, source: this.first, path };
  }
}

const isMap = (value: unknown): value is MapOf<unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapEntries = (map: MapOf<unknown>, change: (value: unknown, key: string) => unknown): MapOf<unknown> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
