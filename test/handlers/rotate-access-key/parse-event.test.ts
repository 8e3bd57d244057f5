import { inspect } from 'node:util';

import { functionEventSchema } from '../../../contract/function-events';
import { parseEvent } from '../../../handlers/rotate-access-key/parse-event';
import { ARN, secretText } from '../support/fixtures';

const parse = (input: unknown) => parseEvent(functionEventSchema, input);

const TOKEN = 'terraform-20261123164717235100000001';
const rotationToken = `${secretText()}-rotation`;
const rotation = { Step: 'createSecret', SecretId: ARN, ClientRequestToken: TOKEN };

describe('the events this function knows', () => {
  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'Secrets Manager’s event for %s is accepted',
    (Step) => {
      expect(parse({ ...rotation, Step })).toEqual({ ...rotation, Step });
    },
  );

  test('a token need not be a UUID: Terraform sends another form (F 1.7)', () => {
    expect(parse(rotation)).toMatchObject({ ClientRequestToken: TOKEN });
  });

  test('RotationToken is taken into a type that does not print', () => {
    const event = parse({ ...rotation, RotationToken: rotationToken });
    expect(inspect(event) + JSON.stringify(event)).not.toContain(rotationToken);
    expect('RotationToken' in event && event.RotationToken?.reveal()).toBe(rotationToken);
  });

  test('Terraform’s event for firstKey is accepted', () => {
    const event = { Step: 'firstKey', SecretId: ARN, UserId: 'AIDAEXAMPLE' };
    expect(parse(event)).toEqual(event);
  });

  test.each(['create', 'update', 'delete'])(
    'Terraform’s event for guardRemoval on %s is accepted',
    (action) => {
      const event = {
        Step: 'guardRemoval',
        SecretId: ARN,
        Announced: false,
        tf: { action, prev_input: null },
      };
      expect(parse(event)).toMatchObject({ Step: 'guardRemoval', Announced: false, tf: { action } });
    },
  );

  test('a field that AWS may add to an event is ignored', () => {
    expect(parse({ ...rotation, SomethingNew: true })).toEqual(rotation);
  });
});

describe('any other event is refused', () => {
  const wrong: readonly [string, unknown, string][] = [
    ['a step with a typing error', { ...rotation, Step: 'createSecrets' }, 'Step'],
    ['a step as the prose of the documentation writes it', { ...rotation, Step: 'create_secret' }, 'Step'],
    ['no step', { SecretId: ARN, ClientRequestToken: TOKEN }, 'Step'],
    ['a secret by name', { ...rotation, SecretId: 'iam-key-rotation/ci-deployer' }, 'SecretId'],
    ['no token', { Step: 'createSecret', SecretId: ARN }, 'ClientRequestToken'],
    ['a token that is too short', { ...rotation, ClientRequestToken: 'short' }, 'ClientRequestToken'],
    ['a token that is too long', { ...rotation, ClientRequestToken: 'x'.repeat(65) }, 'ClientRequestToken'],
    ['firstKey without a user', { Step: 'firstKey', SecretId: ARN }, 'UserId'],
    [
      'guardRemoval that Terraform did not send',
      { Step: 'guardRemoval', SecretId: ARN, Announced: true },
      'tf',
    ],
    [
      'guardRemoval with a text for a truth',
      { Step: 'guardRemoval', SecretId: ARN, Announced: 'true', tf: { action: 'delete' } },
      'Announced',
    ],
    ['a text', 'createSecret', 'event'],
    ['nothing', undefined, 'event'],
  ];

  test.each(wrong)(
    'the error for an event with %s names what is wrong and that nothing was done',
    (_name, input, field) => {
      expect(() => parse(input)).toThrow(
        new RegExp(`wrong fields: [^;]*\\b${field}\\b.*Nothing was done`, 's'),
      );
    },
  );

  test('the error names every step but Secrets Manager’s own', () => {
    for (const Step of ['firstKey', 'guardRemoval', 'replaceLeakedKey'])
      expect(() => parse({ Step: 'other', SecretId: ARN })).toThrow(Step);
  });

  test.each([
    [
      'in an event whose step is mistyped',
      { ...rotation, Step: 'createSecrets', RotationToken: rotationToken },
    ],
    ['in an event without a token', { Step: 'createSecret', SecretId: ARN, RotationToken: rotationToken }],
    ['that is no text', { ...rotation, RotationToken: { token: rotationToken } }],
    ['where the step belongs', { ...rotation, Step: rotationToken }],
    ['where the token belongs', { ...rotation, ClientRequestToken: rotationToken + rotationToken }],
  ])('R7: a RotationToken %s is not quoted', (_name, input) => {
    let shown = '';
    try {
      parse(input);
    } catch (error) {
      shown = inspect(error, { depth: 20 });
    }
    expect(shown).toContain('Nothing was done');
    expect(shown).not.toContain(rotationToken);
  });
});
