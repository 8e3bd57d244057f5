import { userInfo } from 'node:os';

import { hasCode } from '../error-code';

export const ROOT = 0;
/** The group of nobody, for a user of whom the system knows nothing but the number, as in some containers. */
const NO_GROUP = 65_534;

/** What the types of Node.js leave out: https://nodejs.org/api/process.html#processinitgroupsuser-extragroup */
type Process = Required<NodeJS.Process> & { initgroups(user: number, extraGroup: number): void };

/**
 * Does work on files with the rights of a user, where this process is root's; otherwise with its own. What a user could
 * not do, root does not do for the user, however the user changes the files meanwhile.
 *
 * @param work is done at once and waits for nothing: the rights are those of the whole process, with all its threads
 * @throws Error where this root may not act as somebody else, as in some containers
 */
export function actingAs<Result>(user: number | undefined, work: () => Result): Result {
  if (process.geteuid?.() !== ROOT || user === undefined || user === ROOT) return work();
  // A system that has users at all has all of these.
  const self = process as Process;
  const [group, groups] = [self.getegid(), self.getgroups()];
  try {
    become(self, user);
    return work();
  } finally {
    self.seteuid(ROOT);
    self.setegid(group);
    self.setgroups(groups);
  }
}

function become(self: Process, user: number): void {
  try {
    self.seteuid(user);
    const group = groupOfThisUser();
    self.seteuid(ROOT);
    if (group === undefined) self.setgroups([]);
    else self.initgroups(user, group);
    self.setegid(group ?? NO_GROUP);
    self.seteuid(user);
  } catch (error) {
    throw new Error(
      `The folder belongs to user ${user}, as whom this root may not act: run this as its owner.`,
      {
        cause: error,
      },
    );
  }
}

/** Undefined where no list of users has it. */
function groupOfThisUser(): number | undefined {
  try {
    return userInfo().gid;
  } catch (error) {
    if (hasCode(error, 'ERR_SYSTEM_ERROR')) return undefined;
    throw error;
  }
}
