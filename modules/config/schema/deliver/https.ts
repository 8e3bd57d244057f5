import { HTTPS_METHODS } from '../../../../contract/delivery';
import { choice, flag, map, mapOf, text } from '../builders';
import { httpsBody } from './https-body';
import { allowPrivate, tokenKmsKeyArn, tokenSecret } from './parts';

/** Host, port and path as they are: a brace, which may be meant as a placeholder, stands nowhere in it. */
const HTTPS_URL =
  /^(?=.{1,1000}$)https:\/\/(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*$/;

/** In one line, without blanks at its ends. With the bodies, all targets of a user have to fit into an item of 400 kB. */
const HEADER_TEMPLATE = /^[!-~](?:[ -~]{0,498}[!-~])?$/;

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

export const httpsTarget = map(
  {
    url: text(HTTPS_URL, {
      description:
        'The address, with its path and query. It has no placeholders, and stands in the state of Terraform, in logs and in messages: no secret is written here.',
      // A token in the query.
      mayHoldSecret: true,
      rule: 'an address is an https URL with a path, in printable ASCII without braces (%7B and %7D), user and fragment',
      example: 'https://gitlab.com/api/v4/projects/4711/variables/AWS_SECRET_ACCESS_KEY',
      repair: (found) => found.replace(/^http:/, 'https:'),
    }),
    method: choice(HTTPS_METHODS, {
      description:
        'The method. It is sent again where it got no answer, so it has to be one that may be: POST needs `idempotent`.',
    }).default('PUT'),
    idempotent: flag({
      description:
        'A person has looked: this POST sets the value, and sending it twice does the same as sending it once.',
      onlyIf: {
        key: 'method',
        isMet: (value) => value === 'POST',
        rule: (name) => `${name} says something of POST alone: PUT and PATCH are sent again in any case`,
        write: () => 'nothing, or method: POST',
      },
    }).default(false),
    headers: mapOf(
      text(HEADER_TEMPLATE, {
        description: 'The value, with placeholders: `Bearer {token}`.',
        mayHoldSecret: true,
        rule: "a header's value is a text of 1 to 500 printable ASCII characters, without blanks at its ends",
        example: 'Bearer {token}',
      }),
      {
        description:
          'Headers. `{token}` stands for what `tokenSecret` holds, and only headers may have it. They stand in the state of Terraform: no secret is written here.',
        absent: '`content-type` alone: `application/json` with a map as the body, else `text/plain`',
        of: 'texts',
        keys: HEADER_NAME,
        max: 10,
        example: "{ Authorization: 'Bearer {token}' }",
      },
    ).optional(),
    body: httpsBody,
    tokenSecret: tokenSecret(
      'Name or ARN of the secret that holds the token, as plain text or as `{"token": "…"}`.',
      'none',
    ).optional(),
    kmsKeyArn: tokenKmsKeyArn({
      key: 'tokenSecret',
      isMet: (value) => value !== undefined,
      rule: (name) => `${name} is the key of tokenSecret, and there is none`,
      write: () => 'tokenSecret: ci/token',
    }).optional(),
    allowPrivate: allowPrivate.optional(),
  },
  {
    description:
      'An address of another system that sets a value, such as a variable: one request for each new key.',
    absent: 'the target is another one',
    example:
      "{ url: 'https://gitlab.com/api/v4/projects/4711/variables/AWS_SECRET_ACCESS_KEY', headers: { PRIVATE-TOKEN: '{token}' }, body: { value: '{SecretAccessKey}' }, tokenSecret: ci/token }",
  },
);
