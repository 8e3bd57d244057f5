import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

import { SecretMaterial } from '../../../../contract/secret-material';
import { sesSmtpPassword } from '../../../../handlers/core/model/ses-smtp-password';

const EXAMPLE_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const passwordOf = (secretAccessKey: string, region: string): string =>
  sesSmtpPassword(new SecretMaterial(secretAccessKey), region).reveal();

/**
 * The Python program of AWS's documentation, secret and region on stdin.
 * https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert
 */
const AWS_REFERENCE = `
import base64, hashlib, hmac, sys

DATE = "11111111"
SERVICE = "ses"
MESSAGE = "SendRawEmail"
TERMINAL = "aws4_request"
VERSION = 0x04

def sign(key, msg):
    return hmac.new(key, msg.encode("utf-8"), hashlib.sha256).digest()

def calculate_key(secret_access_key, region):
    signature = sign(("AWS4" + secret_access_key).encode("utf-8"), DATE)
    signature = sign(signature, region)
    signature = sign(signature, SERVICE)
    signature = sign(signature, TERMINAL)
    signature = sign(signature, MESSAGE)
    signature_and_version = bytes([VERSION]) + signature
    return base64.b64encode(signature_and_version).decode("utf-8")

for line in sys.stdin:
    print(calculate_key(*line.split()))
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('the SMTP password of a key', () => {
  // Computed with the program above.
  it.each([
    ['us-east-1', 'BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9'],
    ['eu-west-1', 'BMW5RDrXmmVs0lV7GpI4oLkHXpZ4stDsk6q91z1g38Pk'],
    ['eu-central-1', 'BF0/eIJm0ruTHsSjOkRuOGzGF+zeSyE3aiRzrzUQ8LwG'],
    ['ap-southeast-2', 'BLNVIwl1Vk66qi8YP1q44PSaqUtaoyrS/0LT79VaGBfa'],
    ['us-gov-west-1', 'BHW/eHvx1MM9YwW4wrJG6MGVQmLDCAM99G9YiSdGEIAw'],
  ])('the SMTP password of a key is the one of AWS’s algorithm in %s', (region, password) => {
    expect(passwordOf(EXAMPLE_SECRET, region)).toBe(password);
  });

  // What Terraform's own aws_iam_access_key.ses_smtp_password_v4 is tested with.
  // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/access_key_test.go
  it.each([
    ['eu-central-1', 'some+secret+key', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
    ['eu-central-1', 'another+secret+key', 'BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh'],
    ['us-west-1', 'some+secret+key', 'BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj'],
  ])(
    'the SMTP password of a key is the one that Terraform computes in %s for "%s"',
    (region, secret, password) => {
      expect(passwordOf(secret, region)).toBe(password);
    },
  );

  (hasPython ? it : it.skip)(
    'the SMTP password is what the program of AWS’s documentation prints, for any secret',
    () => {
      const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2', 'us-gov-west-1'];
      const cases = Array.from({ length: 50 }, (_, index): [string, string] => [
        randomBytes(30).toString('base64'),
        regions[index % regions.length]!,
      ]);

      const printed = execFileSync('python3', ['-c', AWS_REFERENCE], {
        input: cases.map((one) => one.join(' ')).join('\n'),
        encoding: 'utf8',
      });

      expect(cases.map(([secret, region]) => passwordOf(secret, region))).toEqual(printed.trim().split('\n'));
    },
  );

  it('R7: the SMTP password does not show when it is printed', () => {
    expect(String(sesSmtpPassword(new SecretMaterial(EXAMPLE_SECRET), 'eu-west-1'))).toBe('***');
  });
});
