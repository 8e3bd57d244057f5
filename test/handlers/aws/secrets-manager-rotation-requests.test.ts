import {
  InvalidRequestException,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockAws } from '../support/mock-aws';

import { SecretsManagerRotationRequests } from '../../../handlers/aws/secrets-manager-rotation-requests';
import { ARN } from '../support/fixtures';

const client = new SecretsManagerClient({ region: 'eu-west-1' });
const secretsManager = mockAws(client);
const rotations = new SecretsManagerRotationRequests(client);

afterEach(() => {
  secretsManager.reset();
});

test('a request for a rotation changes neither schedule nor function, which are Terraform’s', async () => {
  secretsManager.on(RotateSecretCommand).resolves({ ARN, VersionId: 'the-new-version' });
  expect(await rotations.request(ARN)).toBe('the-new-version');
  expect(secretsManager.commandCalls(RotateSecretCommand)[0]?.args[0].input).toEqual({ SecretId: ARN });
});

test('a request is uncertain where the answer does not name the secret', async () => {
  secretsManager.on(RotateSecretCommand).resolves({});
  await expect(rotations.request(ARN)).rejects.toThrow('got no clear answer');
});

test('a request during a rotation is refused, with AWS’s reason (F 1.10)', async () => {
  secretsManager.on(RotateSecretCommand).rejects(
    new InvalidRequestException({
      $metadata: { httpStatusCode: 400, attempts: 1 },
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    }),
  );
  await expect(rotations.request(ARN)).rejects.toThrow(/RotateSecret was refused.*will be reattempted/);
});
