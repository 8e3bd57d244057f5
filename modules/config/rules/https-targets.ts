import { VALUE_FIELDS } from '../../../contract/delivery';
import { isValueField, placeholdersIn, TOKEN } from '../../../contract/placeholders';
import type { Path, Problem } from '../problem';
import { HEADER_NAME } from '../schema/deliver/https';
import { bodyOf } from '../schema/deliver/https-body';
import type { RawUser } from '../schema/user';
import { checkAllowPrivate } from './allow-private';
import { checkSmtp, type TargetRules } from './target-fields';
import { checkSecretId, OF_TOKEN } from './target-secret-ids';

type RawHttpsTarget = Partial<NonNullable<NonNullable<RawUser['deliver']>[number]['https']>>;

/** A method that may be sent twice, an address and headers without secrets, and placeholders that stand for something. */
export function checkHttpsTarget(rules: TargetRules, path: Path, target: RawHttpsTarget): Problem[] {
  const { url, method, idempotent, body, tokenSecret, allowPrivate } = target;
  return [
    ...(url === undefined ? [] : checkUrl([...path, 'url'], url)),
    ...(method === 'POST' && idempotent !== true && rules.draft.isSound([...path, 'idempotent'])
      ? [
          {
            path: [...path, 'method'],
            rule: POST_RULE,
            write: 'idempotent: true beside it, if that is so; else PUT or PATCH',
          },
        ]
      : []),
    ...checkHeaders(rules, path, target),
    ...(body === undefined ? [] : checkBody(rules, [...path, 'body'], body)),
    ...(tokenSecret === undefined
      ? []
      : checkSecretId(rules, [...path, 'tokenSecret'], tokenSecret, OF_TOKEN)),
    ...checkAllowPrivate([...path, 'allowPrivate'], allowPrivate, url),
  ];
}

const POST_RULE =
  'a request that got no answer is sent again, and a POST may then do something twice, unless a person says that it does not';

/** What people put a credential into. The names have an end, so that a long address is not read over and over. */
export const SECRET_QUERY = /[?&][^=&]{0,100}(?:token|key|secret|password|signature|auth)[^=&]{0,100}=/i;

function checkUrl(path: Path, url: string): Problem[] {
  const found = 'an address that is not shown: it may hold a secret';
  if (!URL.canParse(url)) {
    const rule = 'an address has a host, and a port of at most 65535';
    return [
      { path, found, rule, write: 'https://gitlab.com/api/v4/projects/4711/variables/AWS_SECRET_ACCESS_KEY' },
    ];
  }
  if (!SECRET_QUERY.test(url)) return [];
  const rule =
    'an address is in the state of Terraform, in logs and in messages, so no token and no key is in its query';
  return [{ path, found, rule, write: "a header with {token}, such as Authorization: 'Bearer {token}'" }];
}

/** Node.js and the client write them. */
export const OURS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

/** Names of headers that let in whoever sends them. */
export const LETS_IN = /authorization|token|secret|password|passwd|cookie|api-?key/i;

export const FORM = /x-www-form-urlencoded/i;

function checkHeaders(rules: TargetRules, inTarget: Path, target: RawHttpsTarget): Problem[] {
  const { headers = {}, tokenSecret } = target;
  const path = [...inTarget, 'headers'];
  const seen = new Set<string>();
  const problems = Object.entries(headers).flatMap(
    ([name, value]: [string, string | undefined]): Problem[] => {
      const at = [...path, name];
      const found = `the header '${name}'`;
      const isTwin = seen.has(name.toLowerCase());
      seen.add(name.toLowerCase());
      if (!HEADER_NAME.test(name)) {
        const rule = "a header's name has 1 to 100 letters, digits and !#$%&'*+.^_`|~-";
        return [{ path: at, found, rule, write: 'Authorization:' }];
      }
      if (OURS.test(name))
        return [{ path: at, found, rule: `${name} follows from the request itself`, write: 'nothing' }];
      if (isTwin) {
        return [
          { path: at, found, rule: 'headers that differ only in case are the same', write: 'one of the two' },
        ];
      }
      if (value === undefined) return [];
      return checkHeader(rules, at, name, value, tokenSecret);
    },
  );
  const hasToken = Object.values(headers).some((value?: string) =>
    placeholdersIn(value ?? '').includes(TOKEN),
  );
  if (tokenSecret === undefined || hasToken || !rules.draft.isSoundThroughout(path)) return problems;
  const rule = 'tokenSecret is there for a header with {token}, and no header has it';
  return [
    ...problems,
    { path: [...inTarget, 'tokenSecret'], rule, write: "headers: { Authorization: 'Bearer {token}' }" },
  ];
}

function checkHeader(
  rules: TargetRules,
  path: Path,
  name: string,
  value: string,
  tokenSecret: string | undefined,
): Problem[] {
  const placeholders = placeholdersIn(value);
  const found = `the header '${name}', whose value is not shown`;
  if (LETS_IN.test(name) && !placeholders.includes(TOKEN)) {
    const rule = `headers stand in the state of Terraform, so the value of ${name} is not written here: it has {token}, which stands for what tokenSecret holds`;
    return [{ path, found, rule, write: "'Bearer {token}', or '{token}'" }];
  }
  if (name.toLowerCase() === 'content-type' && FORM.test(value)) {
    const rule = 'a form is not sent: the + that a secret access key may have is a blank in it';
    return [{ path, found, rule, write: 'a body that is a map, which is sent as JSON' }];
  }
  const isThere = (placeholder: string): boolean => isValueField(placeholder) || placeholder === TOKEN;
  const unknown = placeholders.find((placeholder) => !isThere(placeholder));
  if (unknown !== undefined) return [unknownPlaceholder(path, unknown)];
  if (
    placeholders.includes(TOKEN) &&
    tokenSecret === undefined &&
    rules.draft.isSound([...path.slice(0, -2), 'tokenSecret'])
  ) {
    const rule = '{token} stands for what tokenSecret holds, and there is none';
    return [{ path, found, rule, write: 'tokenSecret: ci/token' }];
  }
  return placeholders.flatMap((placeholder) => checkSmtp(rules, path, placeholder)).slice(0, 1);
}

function checkBody(rules: TargetRules, path: Path, body: unknown): Problem[] {
  const placeholders = placeholdersIn(bodyOf(body).template);
  if (placeholders.includes(TOKEN)) {
    const rule = '{token} stands in headers alone';
    return [
      { path, found: 'a body with {token}', rule, write: "headers: { Authorization: 'Bearer {token}' }" },
    ];
  }
  const unknown = placeholders.find((placeholder) => !isValueField(placeholder));
  if (unknown !== undefined) return [unknownPlaceholder(path, unknown)];
  if (placeholders.length === 0) {
    const rule =
      'a body has a part of the key pair: a placeholder such as {AccessKeyId} or {SecretAccessKey}';
    return [{ path, found: 'a body without one', rule, write: "{ value: '{SecretAccessKey}' }" }];
  }
  return placeholders.flatMap((placeholder) => checkSmtp(rules, path, placeholder)).slice(0, 1);
}

const unknownPlaceholder = (path: Path, name: string): Problem => ({
  path,
  found: `the placeholder {${name}}`,
  rule: `there is no part of the key pair of that name: ${VALUE_FIELDS.map((field) => `{${field}}`).join(', ')}`,
  write: '{SecretAccessKey}',
});
