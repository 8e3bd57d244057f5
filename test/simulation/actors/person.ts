import type { Doer } from '../../support/in-memory-aws/events';
import * as z from 'zod';

import { targetName } from '../../../contract/delivery';
import { CallRefusedError } from '../../../handlers/core/model/call-errors';
import { journalSchema, type Journal } from '../../../handlers/core/model/journal';
import type { VersionLabel } from '../../../handlers/core/model/ports';
import type { World } from '../engine/world';

/** What people do by hand, each a single act in the console or with the CLI. `key` counts the keys that IAM has. */
export type PersonAct =
  | { readonly act: 'activateKey' | 'deactivateKey' | 'deleteKey' | 'useKey'; readonly key: number }
  /** Says that the consumers work with a key, which may be the current one. */
  | { readonly act: 'acknowledge'; readonly key: number }
  | { readonly act: 'createKey' }
  /** One that people made. */
  | { readonly act: 'deleteOwnKey' }
  | { readonly act: 'moveCurrentBack' }
  | { readonly act: 'promotePending' }
  | { readonly act: 'storeCopy'; readonly of: VersionLabel; readonly as: 'AWSCURRENT' | 'AWSPENDING' }
  | { readonly act: 'storeOwnKey'; readonly key: number }
  | { readonly act: 'takePendingToken' }
  | { readonly act: 'removePending' }
  | { readonly act: 'deleteSecret' | 'restoreSecret' }
  | { readonly act: 'breakCopy'; readonly status: 'Failed' | 'InProgress' }
  | { readonly act: 'mendCopy' }
  | { readonly act: 'cancelRotation' | 'attachRotation' }
  /** Stores the served key in a target by hand, beside a field of somebody else's. */
  | { readonly act: 'fillTarget'; readonly target: number }
  /** Its policy or its key refuses the delivery function; or it is deleted. */
  | { readonly act: 'breakTarget'; readonly target: number; readonly how: 'accessDenied' | 'notFound' }
  | { readonly act: 'mendTargets' }
  | { readonly act: 'loseDeliveries' | 'garbleDeliveries' | 'mendDeliveries' }
  | { readonly act: 'loseJournal' }
  | { readonly act: 'garbleJournal' }
  /** Somebody who may write the table, and nothing else, names another user in the settings and the journal. */
  | { readonly act: 'nameAnotherUser' }
  | { readonly act: 'nameTheUserAgain' }
  | { readonly act: 'forgetNewKey' }
  /** Deleted and made again: the name is the same, the id is another. */
  | { readonly act: 'remakeUser' }
  /** And somebody else may get the name. */
  | { readonly act: 'renameUser'; readonly nameIsUsedAgain: boolean };

const PERSON: Doer = { by: 'person' };

/** Does it, if it can be done; says whether it was. What AWS refuses a person is simply not done. */
export function actByHand(world: World, what: PersonAct): boolean {
  try {
    return perform(world, what);
  } catch (error) {
    if (error instanceof CallRefusedError) return false;
    throw error;
  }
}

function perform(world: World, what: PersonAct): boolean {
  const { aws, now, secretArn } = world;
  const { userName, stableKey, deliver: targets = [] } = world.settings;
  const keys = aws.iam.keysOf(userName);
  const keyId = 'key' in what ? keys[what.key % Math.max(1, keys.length)]?.id : undefined;
  const labels = aws.secretsManager.labels(secretArn);
  const say = (about = ''): true => {
    world.checker.personActs();
    world.note(() => `a person: ${what.act} ${about}`);
    return true;
  };
  switch (what.act) {
    case 'activateKey':
    case 'deactivateKey': {
      const status = what.act === 'activateKey' ? 'Active' : 'Inactive';
      if (keyId === undefined || aws.iam.key(keyId)!.status.now === status) return false;
      aws.iam.setStatus(userName, keyId, status, now, PERSON);
      return say(keyId);
    }
    case 'deleteKey':
      if (keyId === undefined) return false;
      aws.iam.delete(userName, keyId, now, PERSON);
      return say(keyId);
    case 'useKey':
      if (keyId === undefined || !isKnownToSomebody(world, keyId)) return false;
      aws.iam.use(keyId, 's3', now);
      world.checker.consumersWork(keyId);
      return say(keyId);
    case 'acknowledge':
      if (keyId === undefined) return false;
      aws.table.acknowledge(stableKey, keyId, now);
      world.note(() => `a person acknowledges ${keyId}`);
      return true;
    case 'createKey':
      return say(aws.iam.create(userName, now, PERSON).id);
    case 'deleteOwnKey': {
      const own = keys.find(({ id }) => world.checker.truth(id)?.madeBy === 'person');
      if (own === undefined || own.id === world.checker.servedKey) return false;
      aws.iam.delete(userName, own.id, now, PERSON);
      return say(own.id);
    }
    case 'moveCurrentBack': {
      const { AWSCURRENT: from, AWSPREVIOUS: to } = labels;
      if (from === undefined || to === undefined) return false;
      aws.secretsManager.moveLabel(secretArn, 'AWSCURRENT', { from, to }, now, PERSON);
      return say(`from ${from} to ${to}`);
    }
    case 'promotePending': {
      const { AWSCURRENT: from, AWSPENDING: to } = labels;
      if (from === undefined || to === undefined || from === to) return false;
      if (aws.secretsManager.text(secretArn, to) === undefined) return false;
      aws.secretsManager.moveLabel(secretArn, 'AWSCURRENT', { from, to }, now, PERSON);
      return say(`from ${from} to ${to}`);
    }
    case 'storeCopy': {
      const version = labels[what.of];
      const text = version === undefined ? undefined : aws.secretsManager.text(secretArn, version);
      if (text === undefined) return false;
      const versionId = world.newToken();
      aws.secretsManager.put(secretArn, { versionId, text, label: what.as }, now, PERSON);
      return say(`of ${what.of} as ${what.as}, version ${versionId}`);
    }
    case 'storeOwnKey': {
      const own = keys.filter(({ id }) => world.checker.truth(id)?.madeBy === 'person');
      const key = own[what.key % Math.max(1, own.length)];
      if (key === undefined) return false;
      const versionId = world.newToken();
      const text = JSON.stringify({ Version: 1, AccessKeyId: key.id, SecretAccessKey: key.secret });
      aws.secretsManager.put(secretArn, { versionId, text, label: 'AWSCURRENT' }, now, PERSON);
      return say(`${key.id} as version ${versionId}`);
    }
    case 'takePendingToken': {
      const version = labels.AWSPENDING;
      if (version === undefined || aws.secretsManager.text(secretArn, version) !== undefined) return false;
      aws.secretsManager.put(
        secretArn,
        { versionId: version, text: '{"note":"by hand"}', label: 'AWSPENDING' },
        now,
        PERSON,
      );
      return say(version);
    }
    case 'removePending':
      if (labels.AWSPENDING === undefined) return false;
      aws.secretsManager.removeLabel(secretArn, 'AWSPENDING', labels.AWSPENDING, now, PERSON);
      return say(`off ${labels.AWSPENDING}`);
    case 'deleteSecret':
      aws.secretsManager.scheduleDeletion(secretArn, now);
      return say();
    case 'restoreSecret':
      if (aws.secretsManager.describe(secretArn, now).deletedDate === undefined) return false;
      aws.secretsManager.restore(secretArn, now);
      return say();
    case 'breakCopy':
    case 'mendCopy': {
      if (aws.secretsManager.describe(secretArn, now).copies.length === 0) return false;
      const status = what.act === 'breakCopy' ? what.status : undefined;
      aws.secretsManager.holdCopiesUp(secretArn, status, now);
      return say(status);
    }
    case 'cancelRotation':
      aws.secretsManager.cancelRotation(secretArn);
      return say();
    case 'attachRotation':
      aws.secretsManager.enableRotation(secretArn);
      return say();
    case 'fillTarget': {
      const target = targets[what.target % Math.max(1, targets.length)];
      const text = labels.AWSCURRENT && aws.secretsManager.text(secretArn, labels.AWSCURRENT);
      if (target === undefined || text === undefined || text === '') return false;
      const { AccessKeyId, SecretAccessKey } = JSON.parse(text) as Record<string, string>;
      if (AccessKeyId === undefined) return false;
      const fields = {
        note: 'by hand',
        AWS_ACCESS_KEY_ID: AccessKeyId,
        AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      };
      const name = targetName(target);
      if (target.kind === 'restart') aws.services.deploy(name, now);
      else aws.targets.write(name, target.kind === 'parameter' ? text : JSON.stringify(fields), now, PERSON);
      return say(name);
    }
    case 'breakTarget': {
      const target = targets[what.target % Math.max(1, targets.length)];
      if (target === undefined) return false;
      if (target.kind === 'restart') {
        aws.services.break(targetName(target), what.how === 'notFound' ? 'noTasks' : what.how);
      } else {
        aws.targets.refuse(targetName(target), what.how);
      }
      return say(targetName(target));
    }
    case 'mendTargets':
      if (
        !targets.map(targetName).some((name) => aws.targets.refusesNow(name) || aws.services.isBroken(name))
      )
        return false;
      for (const name of targets.map(targetName)) {
        aws.targets.refuse(name, undefined);
        aws.services.break(name, undefined);
      }
      return say();
    case 'loseDeliveries':
    case 'garbleDeliveries': {
      const lost = what.act === 'loseDeliveries';
      if (targets.length === 0) return false;
      aws.table.setDeliveriesText(stableKey, lost ? undefined : '{"targets": 7');
      return say();
    }
    case 'mendDeliveries':
      if (aws.table.areDeliveriesReadable(stableKey)) return false;
      aws.table.setDeliveriesText(stableKey, undefined);
      return say();
    case 'loseJournal':
      if (aws.table.journalText(stableKey) === undefined) return false;
      aws.table.setJournalText(stableKey, undefined);
      world.checker.journalTampered('missing');
      return say();
    case 'remakeUser':
      if (aws.iam.user(userName) === undefined) return false;
      aws.iam.removeUser(userName, now);
      world.addAnotherUser();
      return say();
    case 'renameUser':
      if (aws.iam.user(userName) === undefined) return false;
      aws.iam.renameUser(userName, `${userName}-${world.newToken()}`, now);
      if (what.nameIsUsedAgain) world.addAnotherUser();
      return say();
    case 'forgetNewKey': {
      // By an item that was brought back from before the key's id was written; the value is stored since.
      const { attempt, ...journal } = world.checker.journal ?? { attempt: undefined };
      if (attempt?.keyId === undefined || attempt.promotionAnnouncedAt !== undefined) return false;
      if (aws.secretsManager.text(secretArn, attempt.token) === undefined) return false;
      const { keyId: forgotten, ...former } = attempt;
      delete former.provedAt;
      const before = { ...journal, attempt: former } as Journal;
      aws.table.setJournalText(stableKey, JSON.stringify(z.encode(journalSchema, before)));
      world.checker.journalBroughtBack(before);
      return say(forgotten);
    }
    case 'nameAnotherUser':
      if (world.namesAnotherUser || aws.table.journalText(stableKey) === undefined) return false;
      world.nameAnotherUser();
      return say();
    case 'nameTheUserAgain':
      if (!world.namesAnotherUser) return false;
      world.nameTheUserAgain();
      return say();
    case 'garbleJournal':
      if (aws.table.journalText(stableKey) === undefined) return false;
      aws.table.setJournalText(stableKey, '{"userId": 7');
      world.checker.journalTampered('unreadable');
      return say();
  }
}

/** A key can be used only with its secret, which no one has if it was never stored. */
function isKnownToSomebody({ aws, checker, secretArn }: World, keyId: string): boolean {
  if (checker.truth(keyId)?.madeBy === 'person') return true;
  return aws.secretsManager.versionIds(secretArn).some((versionId) => checker.keyIn(versionId) === keyId);
}
