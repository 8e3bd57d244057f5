/** One line of the core, or a few, changed so that one thing that keeps the keys safe is gone. */
export interface Mutant {
  /** What is gone. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The check that is asked first; any other may notice, too. */
  readonly caughtBy?: string;
}

interface Edit {
  /** From handlers/core. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly replace: string;
  readonly by: string;
}

const one = (name: string, file: string, replace: string, by: string, caughtBy?: string): Mutant => ({
  name,
  edits: [{ file, replace, by }],
  caughtBy,
});

export const MUTANTS: readonly Mutant[] = [
  // Drills.
  one(
    'drills: the key of a user who is not for drills is replaced',
    'leaks/respond.ts',
    "  if (report.drill === true && settings.stableKey !== drillUser)\n    return [{ target, keyId, outcome: 'notForDrills' }];\n",
    '',
    'every drill',
  ),
  one(
    'drills: in a stack that has no user for drills everybody is one',
    'leaks/respond.ts',
    'report.drill === true && settings.stableKey !== drillUser',
    'report.drill === true && drillUser !== undefined && settings.stableKey !== drillUser',
    'every drill',
  ),
  // Leaks that AWS reports.
  one(
    'leaks: a key that is not ours is deactivated',
    'leaks/stop-leaked-key.ts',
    "  if (previous === undefined) return 'notOurs';\n",
    "  if (previous === undefined) {\n    await work.leasedJournal.act(() => work.ports.keys.deactivate(work.settings.userName, keyId));\n    return 'deactivated';\n  }\n",
    'AWS reports a key of the user that a person made',
  ),
  one(
    'leaks: a key that is not ours gives way',
    'leaks/stop-leaked-key.ts',
    "    if (previous === undefined) return 'cannotBeReplaced';\n",
    "    if (previous === undefined) {\n      await work.leasedJournal.act(() => ports.keys.delete(work.settings.userName, other.id));\n      return 'cannotBeReplaced';\n    }\n",
    'AWS reports the current key, and the other slot holds a key that a person made',
  ),
  one(
    'leaks: AWSCURRENT goes back to a key that was not proved',
    'leaks/stop-leaked-key.ts',
    '    await makeUsable(work, target);\n',
    '',
    'AWS reports the current key beside a retired one',
  ),
  one(
    'leaks: the leaked key works on beside the new one',
    'leaks/stop-leaked-key.ts',
    "'emergency');\n  await deactivateLeaked(work, current.keyId, reason);\n",
    "'emergency');\n",
    'AWS reports the current key, and a slot is free',
  ),
  one(
    'leaks: a previous key that leaked works on until its overlap is over',
    'leaks/stop-leaked-key.ts',
    "  await deactivateLeaked(work, keyId, reason);\n  return 'deactivated';\n",
    "  return 'deactivated';\n",
    'AWS reports the previous key',
  ),
  one(
    'leaks: a leak is forgotten before AWS reports it for the second time',
    'retirement/decide-leaks.ts',
    'now >= reportedAt + ONE_LEAK',
    'now >= reportedAt',
    'AWS reports the current key, everything is done, and 10 minutes later AWS reports the user alone',
  ),
  // Emergencies of many users.
  one(
    'emergency of many: a key that was made since the beginning is replaced again',
    'leaks/replace-suspect-keys.ts',
    'current !== undefined && current.since <= since',
    'current !== undefined',
    'an emergency of many users, killed again and again',
  ),
  {
    name: 'emergency of many: AWSCURRENT goes back to a key that may have leaked',
    edits: [
      {
        file: 'leaks/replace-suspect-keys.ts',
        replace: '    await leasedJournal.amend(withMarks(journalOf(work), suspects, due));\n',
        by: '',
      },
      {
        file: 'leaks/replace-suspect-keys.ts',
        replace: '    await leasedJournal.amend(withMarks(journalOf(work), found, due));\n',
        by: '',
      },
    ],
    caughtBy: 'an emergency of many users, killed again and again',
  },
  one(
    'emergency of many: a previous key works on until its overlap is over',
    'leaks/replace-suspect-keys.ts',
    'previousFirst(journalOf(work), [...new Set([...due, ...found])])',
    '[journalOf(work).current?.keyId ?? ""]',
    'an emergency of many users, killed again and again',
  ),
  // Announcing and making a key.
  one(
    'the attempt is announced after CreateAccessKey instead of before',
    'key-moves/make-key.ts',
    '  await leasedJournal.amend({ attempt: announced });\n',
    '',
  ),
  {
    name: 'an open attempt is overwritten',
    edits: [
      {
        file: 'key-moves/settle.ts',
        replace: '    const attempt = journalOf(work).attempt;\n',
        by: '    if (journalOf(work).attempt !== undefined) return work.leasedJournal.amend({ attempt: undefined });\n    const attempt = journalOf(work).attempt;\n',
      },
    ],
  },
  one(
    'CreateAccessKey is tried again after an unclear answer',
    'key-moves/make-key.ts',
    'leasedJournal.actForAttempt(() => ports.keys.create(settings.userName)),',
    'leasedJournal.actForAttempt(() => ports.keys.create(settings.userName).catch(() => ports.keys.create(settings.userName))),',
  ),
  one(
    'an unclear answer to CreateAccessKey closes the attempt',
    'key-moves/make-key.ts',
    'if (isCertain) await work.leasedJournal.amend({ attempt: undefined });',
    'if (isCertain || true) await work.leasedJournal.amend({ attempt: undefined });',
  ),
  one(
    'a refused CreateAccessKey leaves its attempt to be settled with a key of another person',
    'key-moves/make-key.ts',
    '    keysBefore,\n    announcedAt,',
    '    keysBefore: [],\n    announcedAt: 0,',
    'a rotation dies before CreateAccessKey, a person makes a key, and an operator rolls back',
  ),
  one(
    'the new key is deleted again after an unclear answer',
    'key-moves/make-key.ts',
    '(error) => error instanceof CallRefusedError,\n',
    '() => true,\n',
  ),
  one(
    'the new key stays where storing it was refused',
    'key-moves/make-key.ts',
    '      await work.leasedJournal.act(() => work.ports.keys.delete(work.settings.userName, keyId));\n',
    '',
  ),

  // The lease.
  one(
    'there is no lease',
    'key-moves/lease.ts',
    'now - CLOCK_SKEW',
    'Number.MAX_SAFE_INTEGER',
    'rotation with an overlap of 0 against roll back',
  ),
  one(
    'a lease is taken while its holder may still act',
    'key-moves/lease.ts',
    'now - CLOCK_SKEW',
    'now + LEASE / 2',
    'rotation that makes room for itself against roll back',
  ),
  one(
    "a lease outlives its holder's death for days",
    'model/timing.ts',
    'export const LEASE = 60 * SECOND;',
    'export const LEASE = 60 * 60 * 60 * SECOND;',
  ),
  one(
    'the lease is given back although a change may still be performed',
    'key-moves/lease.ts',
    'if (this.#unanswered) {',
    'if (this.#unanswered && false) {',
    'deactivation by the sweep against roll back',
  ),
  one(
    'an act begins with a lease that was renewed long ago',
    'key-moves/lease.ts',
    'if (this.#until - this.ports.clock.now() < LEASE - FRESH) await this.write(this.#content);',
    '',
    'the copy of the secret follows no more when the grace period of a retired key is over',
  ),

  // Deliveries.
  one(
    'deliveries: a delivery is not announced',
    'delivery/deliver-to.ts',
    '  await record(work, announced);\n  const now',
    '  const now',
    'delivery after a rotation, and then a roll back',
  ),
  one(
    'deliveries: an announcement forgets the ones before it',
    'delivery/deliver-to.ts',
    'announced: [...earlier, announcement]',
    'announced: [announcement]',
    'a target holds a key without an answer, and the next delivery, of another key, gets none either',
  ),
  one(
    'deliveries: a refusal forgets what was announced before',
    'delivery/deliver-to.ts',
    '...(isRefusal(error) ? before : announced), failing',
    '...(isRefusal(error) ? { ...before, announced: [] } : announced), failing',
    'a target holds a key without an answer, and refuses the next one',
  ),
  one(
    'deliveries: an unclear answer is taken for a refusal',
    'delivery/deliver-to.ts',
    '...(isRefusal(error) ? before : announced), failing',
    '...before, failing',
    'a target is written late, when AWSCURRENT went back and the key before was delivered again',
  ),
  one(
    'deliveries: it is not looked whether the key is still current once its delivery is announced',
    'delivery/deliver-to.ts',
    '  if (now?.versionId !== versionId) {',
    '  if (now === undefined) {',
    'a delivery stops after it has read the key, which is replaced and deactivated before it is announced',
  ),
  one(
    'deliveries: what is announced counts as delivered',
    'delivery/deliver-to.ts',
    '  await record(work, announced);\n  const now',
    '  await record(work, { target: name, announced: [], delivered: { ...announcement, shape: targetShape(target) } });\n  const now',
    'delivery after a rotation',
  ),
  one(
    'deliveries: a target that refuses counts as delivered',
    'delivery/deliver-to.ts',
    '    if (!isRefusal(error) && !(error instanceof CallUnansweredError)) throw error;\n',
    "    if (isRefusal(error)) await record(work, { target: name, announced: [], delivered: { ...announcement, shape: targetShape(target) } });\n    if (isRefusal(error)) return 'delivered';\n    if (!(error instanceof CallUnansweredError)) throw error;\n",
    'delivery after a rotation',
  ),
  one(
    'deliveries: a target that gave no answer is written again at once',
    'delivery/deliver-user.ts',
    " || results.get(name) === 'unclear'",
    '',
    'delivery of the first key against rotation',
  ),
  one(
    'deliveries: a clear answer leaves what was announced before it',
    'delivery/deliver-to.ts',
    '    announced: [],\n  });\n  ports.log.info',
    '    announced: announced.announced,\n  });\n  ports.log.info',
    'a service is restarted some time after the parameter was written, and the overlap is short',
  ),
  one(
    'deliveries: writing a target does not keep the lease',
    'delivery/deliver-to.ts',
    'await leased.act(() => ports.secretTargets.put(target, text));',
    'await ports.secretTargets.put(target, text);',
    'a target is written late, when AWSCURRENT went back and the key before was delivered again',
  ),
  one(
    'deliveries: a rollback that is under way is not waited for',
    'delivery/current-key.ts',
    'return isMovingBack ? undefined : journal.current;',
    'return isMovingBack && false ? undefined : journal.current;',
    'delivery after a rotation, and then a roll back against roll back',
  ),
  one(
    'deliveries: no previous key stays for a target',
    'key-moves/readability.ts',
    '  if (targets.length === 0) return undefined;',
    '  if (targets.length < 3) return undefined;',
    'targets hold a key that was never delivered, and a rotation without an overlap replaces it',
  ),
  one(
    'deliveries: a target that never got a key of ours is taken for empty',
    'key-moves/deliveries.ts',
    '    if (delivered?.shape !== targetShape(target)) return true;\n',
    '    if (delivered === undefined) return false;\n',
    'targets hold a key that was never delivered, and a rotation without an overlap replaces it',
  ),
  one(
    'deliveries: a key that was announced is not held',
    'key-moves/deliveries.ts',
    '[delivered, ...announced].some',
    '[delivered, ...announced.slice(announced.length)].some',
    'a target holds a key without an answer, and the next delivery, of another key, gets none either',
  ),
  one(
    'deliveries: what a target holds for certain is forgotten as soon as another is announced',
    'key-moves/deliveries.ts',
    '[delivered, ...announced].some',
    '[...(announced.length > 0 ? [] : [delivered]), ...announced].some',
    'a target holds a key for certain, and nobody knows whether it got the next one',
  ),
  one(
    'deliveries: the overlap begins with the promotion',
    'key-moves/overlap.ts',
    'Math.max(replacedAt, lastDelivery(settings, deliveries) ?? replacedAt)',
    'replacedAt + 0 * (lastDelivery(settings, deliveries) ?? 0)',
    'a service is restarted some time after the parameter was written, and the overlap is short',
  ),
  one(
    'deliveries: the overlap begins with the first delivery, not with the last',
    'key-moves/deliveries.ts',
    'Math.max(...moments)',
    'Math.min(...moments)',
    'a service is restarted some time after the parameter was written, and the overlap is short',
  ),
  one(
    'deliveries: an overlap of 0 waits for no target',
    'key-moves/deactivate-previous.ts',
    '{ secret, journal: { current }, settings, deliveries }',
    '{ secret, journal: { current }, settings: {}, deliveries }',
    'rotation with an overlap of 0 of a key that targets hold',
  ),

  // Either alone is safe: who is restarted too early is restarted again.
  {
    name: 'restarts: a service is restarted before a target that it may read has got the key, and not again after it',
    caughtBy: 'restart of a service that reads a target',
    edits: [
      { file: 'delivery/deliver-user.ts', replace: "return 'waits';", by: '{}' },
      {
        file: 'key-moves/deliveries.ts',
        replace: 'Math.max(since, lastDelivery({ deliver: deliver.filter(isWritten) }, deliveries) ?? since)',
        by: 'since + 0 * (lastDelivery({ deliver: deliver.filter(isWritten) }, deliveries) ?? 0)',
      },
    ],
  },
  one(
    'restarts: a rollout that began before the key could be read counts',
    'delivery/restart-service.ts',
    'startedAt >= from;',
    'startedAt >= 0;',
    'restart of a service after a rotation',
  ),
  one(
    'restarts: a service is restarted before AWS shows the key everywhere',
    'delivery/restart-service.ts',
    ' + READ_LAG + CLOCK_SKEW',
    '',
    'restart of a service after a rotation',
  ),
  one(
    'restarts: a service counts as restarted while tasks of before run',
    'delivery/restart-service.ts',
    "if (state === 'complete')",
    "if (state !== 'failed')",
    'the new tasks of a service do not come up',
  ),
  one(
    'restarts: a rollout that failed counts',
    'delivery/restart-service.ts',
    "if (state === 'complete')",
    "if (state !== 'underWay')",
    'the new tasks of a service do not come up',
  ),
  one(
    'restarts: a service that was restarted before the key became current again counts as restarted since',
    'key-moves/deliveries.ts',
    '  if (isLate) return false;\n',
    '',
    'a service is deployed by hand between a promotion and a roll back',
  ),
  one(
    'restarts: a service that was restarted before the current key became current is taken to have no other',
    'key-moves/deliveries.ts',
    '    if (!isWritten(target) && delivered.at < since) return true;\n',
    '',
    'a service is deployed by hand between a promotion and a roll back',
  ),

  one(
    'acknowledgements: none is waited for',
    'retirement/decide.ts',
    "  if (waits !== undefined) return [hold(key.keyId, 'notAcknowledged'",
    "  if (waits === '') return [hold(key.keyId, 'notAcknowledged'",
    'nobody says that the consumers work with the current key',
  ),
  one(
    'acknowledgements: a word about any key counts',
    'retirement/acknowledged.ts',
    'acknowledgements.get(current.keyId)',
    '[...acknowledgements.values()][0]',
    'somebody says that the consumers work with the key before',
  ),
  one(
    'acknowledgements: a use counts where only a word does',
    'retirement/acknowledged.ts',
    "acknowledgement?.by === 'use' || acknowledgement?.by === 'either'",
    'acknowledgement !== undefined',
    'the consumers use the current key where a word is waited for',
  ),
  one(
    'acknowledgements: a proof of our own counts as a use',
    'retirement/acknowledged.ts',
    " && use.service !== 'sts'",
    '',
    'only the proofs of the product use the current key',
  ),
  one(
    'acknowledgements: an overlap of 0 waits for none',
    'rotation/finish-secret.ts',
    ' && settings.acknowledgement === undefined',
    '',
    'a rotation with an overlap of 0 waits for a word',
  ),

  one(
    'a label that cannot be taken off, because the secret is scheduled for deletion, is taken to be off',
    'key-moves/pending-label.ts',
    "['conflict', 'invalid', 'notFound']",
    "['conflict', 'invalid', 'notFound', 'wrongState']",
    'a person deletes the secret while a rotation under way is about to be abandoned',
  ),

  // Which user, which key, which rotation.
  one(
    'the settings alone say whose key is put into a secret',
    'key-moves/key-work.ts',
    'if (userId === undefined || userId === settings.userId) return description;',
    'return description;',
    'whoever may write the table names another user there, and its key is put into the secret',
  ),
  one(
    'a first key fails on the key of a former user that it is to replace',
    'key-moves/served-key.ts',
    '  if (replacesForeign && current === undefined && attempt === undefined) return undefined;\n',
    '',
    'the same, and the rotation dies when it has stored its key',
  ),
  one(
    'a first key follows the end of a rotation before the copies have',
    'key-moves/bind-journal.ts',
    '    await letCopiesFollow(work, copies);\n',
    '',
    'the user of a secret with a copy is made again, and a first key follows the end of a rotation so soon that the copy stays behind',
  ),
  one(
    'a rotation that was spent is forgotten',
    'key-moves/pending-label.ts',
    '  await work.leasedJournal.amend({ wanted });\n',
    '',
    'a person moves AWSCURRENT back and deletes the new key, and AWSPENDING, which stayed on its version, spends a rotation',
  ),
  one(
    'a key is taken for unmanaged while it is not known which one the deleted secret serves',
    'operator/replace-leaked-key.ts',
    'return isServedKnown && !mayBeOfAttempt && !isOurs;',
    'return !mayBeOfAttempt && !isOurs;',
    'a leaked key that a person serves is stopped while the secret is deleted',
  ),

  // Settling what an earlier attempt left.
  one(
    'settling touches an attempt that is under way',
    'key-moves/settle.ts',
    '  return !diedBeforePut;',
    '  return !diedBeforePut && false;',
    'rotation against first key',
  ),
  one(
    'settling does not wait until the last call is certainly done',
    'key-moves/settle.ts',
    '  return attempt.until + CLOCK_SKEW + lag - work.ports.clock.now();',
    '  return Math.min(0, lag);',
    'the id of a new key could not be written, and IAM does not list the key yet',
  ),
  {
    name: 'an answer is believed that AWS did not give',
    caughtBy: 'something else than AWS answers the write that names the new key, and the key is stranded',
    edits: [
      {
        file: '../aws/call-aws.ts',
        replace: 'if (answer.$metadata.requestId === undefined)',
        by: 'if (answer.$metadata.requestId === 7)',
      },
      {
        file: '../aws/dynamodb-leased-item.ts',
        replace: "if (Attributes?.['leaseUntil']?.N !== String(lease.until))",
        by: "if (Attributes?.['leaseUntil']?.N === 7)",
      },
      {
        file: 'key-moves/settle.ts',
        replace:
          "const learned = attempt === undefined ? 'nothing' : await learnKeyFromValue(work, attempt);",
        by: "const learned = 'nothing';",
      },
    ],
  },
  one(
    'a stored value does not say which key its attempt made',
    'key-moves/settle.ts',
    "const learned = attempt === undefined ? 'nothing' : await learnKeyFromValue(work, attempt);",
    "const learned = 'nothing';",
    'an older journal is brought back, which does not name the new key, and the key is stranded',
  ),
  one(
    'an attempt whose value may not be read is closed',
    'key-moves/settle.ts',
    "if (keyId === undefined && learned === 'denied' && ",
    "if (keyId === undefined && learned === 'denied' && false && ",
    'the same, and the sweep, which reads no values, is the first to find the attempt',
  ),
  one(
    'the orphan rule without "never used"',
    'key-moves/settle.ts',
    'if ((await work.ports.keys.lastUsed(key.id)) === undefined) candidates.push(key);',
    'candidates.push(key);',
  ),
  one(
    'the orphan rule without the time window',
    'key-moves/settle.ts',
    ' && wasCreatedDuring(attempt, key));',
    ');',
    'a person makes a key after an attempt died before it made one, and the key is taken for its own',
  ),
  one(
    'the orphan rule takes any of two candidates',
    'key-moves/settle.ts',
    'if (candidates.length <= 1) return',
    'if (candidates.length <= 2) return',
    'a person makes a key while a first key is made, which dies',
  ),
  one(
    'a stillborn key is not deleted',
    'key-moves/settle.ts',
    '    await work.leasedJournal.act(() => work.ports.keys.delete(work.settings.userName, keyId));\n',
    '',
  ),
  one(
    'a key that was current for a while is treated as stillborn',
    'key-moves/settle.ts',
    'if (attempt.keyId !== undefined && (await mayHaveBeenCurrent(work, attempt, { labels }))) {',
    'if (attempt.keyId !== undefined && (await mayHaveBeenCurrent(work, attempt, { labels })) && false) {',
    'a person promotes a copy of the pending value and moves back, and the key that was current for a while is reaped',
  ),
  one(
    'an old answer of DescribeSecret is treated as a person who moved the label',
    'key-moves/settle.ts',
    'return current.since + READ_LAG - work.ports.clock.now();',
    'return 0;',
  ),
  one(
    'a first key does not wait until the key of another one shows',
    'rotation/first-key.ts',
    'const lag = current.since + READ_LAG - ports.clock.now();',
    'const lag = 0;',
    'a second first key reads the secret before the first one shows, and replaces it',
  ),
  one(
    'a first key believes a listing that does not show the key of another one yet',
    'rotation/first-key.ts',
    'ports.clock.now() - current.since < LISTING_LAG;',
    'ports.clock.now() - current.since < 0;',
    'a second first key lists the keys before the first one shows, and replaces it',
  ),
  one(
    'AWSCURRENT is moved back by a person, and the journal does not follow',
    'key-moves/settle.ts',
    '      await followCurrentLabel(work, served);\n',
    '',
  ),

  // Proving and promoting.
  one(
    'a single proof is enough',
    'model/timing.ts',
    'export const PROOFS_IN_A_ROW = 3;',
    'export const PROOFS_IN_A_ROW = 1;',
  ),
  one(
    'the proof does not look whose key it is',
    'key-moves/prove.ts',
    'if (identity.accountId === settings.accountId && identity.userId === settings.userId) return;',
    'return;',
    'the user is made anew, and its name has another id when a rotation proves its key',
  ),
  one(
    'the key that was made for another user is left with it',
    'rotation/test-secret.ts',
    '    if (error instanceof WrongUserError) {',
    '    if (error instanceof WrongUserError && false) {',
    'the user is deleted and made again, and the key of the next rotation is stranded at the new one',
  ),
  one(
    'a journal that is begun anew forgets an open attempt',
    'key-moves/bind-journal.ts',
    '  if (attempt === undefined || attempt.promotionAnnouncedAt !== undefined) return undefined;',
    '  return undefined;',
    'the same, and the rotation dies when it has made its key',
  ),
  one(
    'the label is moved before the proof',
    'rotation/finish-secret.ts',
    'if (attempt.provedAt === undefined) {',
    'if (attempt.provedAt === undefined && false) {',
    'rotation against finishSecret once more',
  ),
  one(
    'the first key is put before it is proved',
    'key-moves/make-current-key.ts',
    '() => proveKey(ports, settings, credentials, { sleep: (duration) => leasedJournal.sleep(duration) }),',
    '() => Promise.resolve(),',
  ),
  one(
    'the label is moved before the journal says so',
    'rotation/finish-secret.ts',
    '  await leasedJournal.amend({ attempt: { ...attempt, promotionAnnouncedAt: now, until: now + LEASE } });\n',
    '',
  ),
  one(
    'the new key is not read again before the label moves',
    'rotation/finish-secret.ts',
    "if (key?.status !== 'Active') {",
    "if (key?.status !== 'Active' && false) {",
    'a person deactivates the new key after it was proved',
  ),
  one(
    'AWSPENDING is left behind on a token that can never finish',
    'rotation/finish-secret.ts',
    'Promise<RotationAbandonedError> {\n  await takePendingOff(work, token);\n',
    'Promise<RotationAbandonedError> {\n',
    'a person deletes the current key, and moves AWSCURRENT back while a rotation proves its key',
  ),
  {
    name: 'a promotion keeps the date of an earlier try',
    caughtBy: 'createSecret is called once more, an hour after the promotion was announced',
    edits: [
      {
        file: 'rotation/finish-secret.ts',
        replace: 'promotionAnnouncedAt: now, until',
        by: 'promotionAnnouncedAt: attempt.promotionAnnouncedAt ?? now, until',
      },
      {
        file: 'key-moves/promotion.ts',
        replace: 'previous.unshift(replacedNow(replaced, now));',
        by: 'previous.unshift(replacedNow(replaced, journal.attempt?.promotionAnnouncedAt ?? now));',
      },
    ],
  },
  one(
    'the key that was replaced is dropped from the journal',
    'key-moves/promotion.ts',
    '    previous.unshift(replacedNow(replaced, now));\n',
    '',
  ),
  one(
    '`wanted` is written after AWSPENDING is taken off',
    'key-moves/pending-label.ts',
    '  await work.leasedJournal.amend({ wanted });\n',
    '  await takePendingOff(work, token);\n  await work.leasedJournal.amend({ wanted });\n',
  ),

  // Retirement and the way back.
  one(
    'a key is deactivated before its overlap is over',
    'retirement/decide.ts',
    'if (key.leaked === undefined && now < overlapEnd(key, settings, deliveries)) return [];',
    'if (key.leaked === undefined && now < key.replacedAt) return [];',
  ),
  one(
    'a key is deleted before its grace period is over',
    'key-moves/delete-retired.ts',
    "? key.deactivatedAt + (key.leaked === 'delete' ? 0 : settings.gracePeriodSeconds * SECOND)",
    '? key.deactivatedAt + 0 * settings.gracePeriodSeconds * SECOND',
  ),
  one(
    'a key is deactivated although AWSCURRENT has been moved to it',
    'key-moves/deactivate-previous.ts',
    '  if (obstacle !== undefined) {',
    '  if (obstacle !== undefined && false) {',
    'a person moves AWSCURRENT back while the sweep is about to deactivate that key',
  ),
  one(
    'a key is deactivated although a copy of the secret may still serve it',
    'key-moves/deactivate-previous.ts',
    '  if (stays !== undefined) return stays.what;\n',
    '',
    'a rotation without an overlap ends, and the copy of the secret still has the key before it',
  ),
  one(
    'a key is deleted although nobody can read the secret',
    'key-moves/delete-retired.ts',
    '    stays === undefined &&\n',
    '',
    'the copy of the secret follows no more when the grace period of a retired key is over',
  ),
  one(
    'AWSPENDING is taken off right after AWSCURRENT has moved, although the secret has copies',
    'key-moves/pending-label.ts',
    'copies.length === 0 && labels',
    'labels',
    'a rotation without an overlap ends, and the copy of the secret still has the key before it',
  ),
  one(
    'a key that a person re-activated is deactivated again',
    'retirement/decide.ts',
    "  if (listed.status === 'Active') {\n    const reason =",
    "  if (listed.status === 'Active') return [act('deactivate', 'it is Active', keyId)];\n  if (listed.status === 'Active') {\n    const reason =",
    'a person activates a retired key again, and the sweep comes by',
  ),
  one(
    'an unmanaged key is taken over although the configuration does not say so',
    'retirement/decide.ts',
    "takeOver === 'all' || takeOver?.includes(keyId) === true;",
    "takeOver !== undefined || keyId !== '';",
    'a person makes a key beside the current one, and the sweep comes by',
  ),
  one(
    'a roll back re-activates the key without an intent in the journal',
    'key-moves/follow-current-label.ts',
    "    phase: 'reactivating',",
    '    phase: key.phase,',
    'a rollback dies while it re-activates the key, and Terraform asks for the first key',
  ),
  one(
    'a roll back moves the label without a proof',
    'operator/roll-back.ts',
    '  await proveKey(ports, settings, credentials, { sleep: (duration) => leasedJournal.sleep(duration) });\n',
    '',
    'a roll back returns to a key that was deactivated',
  ),
  one(
    'keys that swap are not dated now',
    'key-moves/follow-current-label.ts',
    'replacedNow(current, now)',
    'replacedNow(current, current.since)',
  ),

  // Secrets.
  one(
    'the log shows the new key',
    'key-moves/make-key.ts',
    "ports.log.info('a new key is created', { keyId: created.id });",
    "ports.log.info('a new key is created', { keyId: created.id, secret: created.secretAccessKey.reveal() });",
  ),
  // What people are told.
  one(
    'an end that comes while its beginning is on its way is forgotten',
    'notifications/transition.ts',
    "      return { next: state, outcome: 'sentWithBeginning' };",
    "      return { next: known, outcome: 'sentWithBeginning' };",
    'a fault and its end, with every race',
  ),
  one(
    'a second report claims a message that is on its way',
    'notifications/transition.ts',
    '  claim === undefined || claim.by === me.by || claim.at < me.at - CLAIM_HOLDS;',
    '  claim === undefined || true;',
    'two reports of a fault, and its end, with every race',
  ),
  one(
    'an event that failed may not take its own claim again',
    'notifications/transition.ts',
    'claim === undefined || claim.by === me.by || ',
    'claim === undefined || ',
    'a fault and its end, with every fault',
  ),
  one(
    'the end that comes before its beginning is forgotten',
    'notifications/transition.ts',
    "  if (state.state === 'quiet' || !isOver(state)) return { next: state, outcome: 'nothingToEnd' };",
    "  if (state.state === 'quiet') return { next: known, outcome: 'nothingToEnd' };\n  if (!isOver(state)) return { next: state, outcome: 'nothingToEnd' };",
    'a fault and its end, with every fault',
  ),
  one(
    'an alarm that is quiet ends what others have reported',
    'notifications/transition.ts',
    "  reporter === 'alarm' ? Math.max(alarm, others) : others;",
    '  reporter === undefined ? Math.max(alarm, others) : Math.max(alarm, others);',
    'an alarm that is quiet while the fault is there, with every fault',
  ),
  one(
    'a fault that begins while the end of another is on its way is taken for that one',
    'notifications/transition.ts',
    '      if (!isPast || report.at >= state.over) return claimBeginning(state, report, me);\n',
    '',
    'a fault that begins anew, with every race',
  ),
  one(
    'an end that was claimed and never sent, since the answer was lost, is taken for sent',
    'notifications/transition.ts',
    "  if (message === 'end' && state.state === 'ending')\n",
    "  if (message !== undefined && state.state === 'ending')\n",
    'a fault and its end, with every race',
  ),
  one(
    'a fault is stored as told before its message is sent',
    'notifications/notify.ts',
    '    const { failure, isSent } = await publish(',
    "    await change(notifications, fault, (state) => afterSending(state, sending, 'sent', me()));\n    const { failure, isSent } = await publish(",
    'a fault and its end, with every fault',
  ),
  one(
    'a state that changed since it was read is replaced all the same',
    'notifications/notify.ts',
    '(await store.replace(fault, decision.next, version))) return decision;',
    '(await store.replace(fault, decision.next, version), true)) return decision;',
    'a fault and its end, with every race',
  ),
  one(
    'people are told again of what they were told and is over',
    'notifications/transition.ts',
    '      if (isPast && report.at < (state.toldUntil ?? -Infinity)) return alreadySent(state);\n',
    '',
    'two reports of a fault, and its end, with every fault',
  ),
  one(
    'another fault is told in the thread of the one before it',
    'notifications/transition.ts',
    "state.state === 'quiet' || isAnother || isNewer(state, report) ? began",
    "state.state === 'quiet' ? began",
    'a fault that begins anew, with every race',
  ),
];
