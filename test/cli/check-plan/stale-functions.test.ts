import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import { replacementOf, staleFunctions } from '../../../cli/check-plan/stale-functions';
import { HANDLER_ENTRIES } from '../../../modules/node-function/handler-entries';
import { prebuiltZip } from '../../../modules/node-function/packed-code';
import type { Attributes, PlannedAction, PlannedChange } from '../../../cli/check-plan/read-plan';

const HASH = createHash('sha256').update('this code').digest();
const OTHER = createHash('sha256').update('other code').digest();

const OLD_CODE = {
  filename: `assets/rotate-access-key/${HASH.toString('hex')}/rotate-access-key.zip`,
  source_code_hash: HASH.toString('hex'),
  code_sha256: OTHER.toString('base64'),
  last_modified: '2026-01-05T04:00:00.000+0000',
};
const ITS_CODE = { ...OLD_CODE, code_sha256: HASH.toString('base64') };

const change = (
  before: Attributes,
  { actions = ['no-op'], ...more }: Partial<PlannedChange> = {},
): PlannedChange => ({
  ...{ address: 'aws_lambda_function.backup', type: 'aws_lambda_function', actions, before, after: before },
  ...more,
});
const stale = (...changes: PlannedChange[]): readonly string[] => staleFunctions({ changes });

describe('When a plan is checked,', () => {
  it('stale functions, which do not run the code of the configuration, are told by their address', () => {
    const address = 'aws_lambda_function.retire';
    expect(stale(change(OLD_CODE), change(ITS_CODE, { address }))).toEqual(['aws_lambda_function.backup']);
  });

  it.each(['module.keys["a"].aws_lambda_function.retire', 'module.leaks.aws_lambda_function.respond[0]'])(
    'stale functions are found wherever they are: %s',
    (address) => {
      expect(stale(change(OLD_CODE, { address }))).toEqual([address]);
    },
  );

  it('stale functions include one of which something is changed that is no part of the function', () => {
    const after = { ...OLD_CODE, tags: { team: 'a' } };
    expect(stale(change(OLD_CODE, { actions: ['update'], after }))).toHaveLength(1);
  });

  it.each<[string, Attributes]>([
    ['code', { source_code_hash: OTHER.toString('hex') }],
    ['architecture, for which its code is uploaded, too', { architectures: ['x86_64'] }],
    ['memory', { memory_size: 512 }],
  ])('stale functions do not include one that gets another %s', (_what, changed) => {
    const after = { ...OLD_CODE, ...changed, last_modified: undefined };
    expect(stale(change(OLD_CODE, { actions: ['update'], after }))).toEqual([]);
  });

  it.each<[PlannedAction[]]>([[['create']], [['delete', 'create']], [['create', 'delete']], [['delete']]])(
    'stale functions do not include one for which the plan has %j: it gets the code anew, or goes',
    (actions) => {
      expect(stale(change(OLD_CODE, { actions }))).toEqual([]);
    },
  );

  it.each(HANDLER_ENTRIES.map((entry) => basename(prebuiltZip(entry))))(
    'stale functions are those of the Terraform modules, too, which have their zip beside them: %s',
    (zip) => {
      const filename = `.terraform/modules/a/${zip}`;
      expect(stale(change({ ...OLD_CODE, filename }))).toHaveLength(1);
      expect(stale(change({ ...ITS_CODE, filename }))).toEqual([]);
    },
  );

  it.each<[string, Attributes]>([
    ['has another zip', { ...OLD_CODE, filename: 'function.zip' }],
    ['is an image', { image_uri: 'an-image', code_sha256: OLD_CODE.code_sha256 }],
  ])('stale functions do not include one of somebody else, which %s', (_what, before) => {
    expect(stale(change(before))).toEqual([]);
  });

  it('a function is replaced with what AWS deletes together with it, wherever it stands', () => {
    const part = (address: string, type: string, name: string): PlannedChange => ({
      ...{ address, type, actions: ['no-op'], before: { function_name: name } },
    });
    const changes = [
      part('aws_lambda_function.notify', 'aws_lambda_function', 'keys-notify'),
      part('aws_lambda_permission.notify-alarms', 'aws_lambda_permission', 'keys-notify'),
      part('module.a.aws_lambda_permission.events', 'aws_lambda_permission', 'keys-notify'),
      part(
        'aws_lambda_function_event_invoke_config.notify',
        'aws_lambda_function_event_invoke_config',
        'keys-notify',
      ),
      part('aws_lambda_permission.retire', 'aws_lambda_permission', 'keys-retire'),
      part('aws_lambda_invocation.notify', 'aws_lambda_invocation', 'keys-notify'),
    ];

    expect(replacementOf(['aws_lambda_function.notify'], { changes })).toEqual([
      'aws_lambda_function.notify',
      'aws_lambda_permission.notify-alarms',
      'module.a.aws_lambda_permission.events',
      'aws_lambda_function_event_invoke_config.notify',
    ]);
  });
});
