import { SecretMaterial } from '../../contract/secret-material';
import type { DeliveryPorts } from '../../handlers/core/delivery/delivery-ports';
import { writeHttps } from '../../handlers/core/delivery/write-outside';
import { createOutsidePorts } from '../../handlers/outside/outside-ports';
import { parseConfiguration } from '../../modules/config/parse-configuration';
import { keyId, secretText } from '../handlers/support/fixtures';
import { status, TlsServer, type Received } from '../handlers/outside/support/tls-server';
import { fileWithUser } from '../modules/config/refusal';
import { textOf } from './support/repository';

/*
 * Every recipe of the page, read by the parser of the configuration and sent by the client, is what the vendor documents: method, path,
 * headers and body. The vendors' documentation is cited beside each.
 */

const PAGE = textOf('docs/delivery-recipes.md');
const RECIPES = new Map(
  [...PAGE.matchAll(/^## (.+)\n((?:(?!^## ).*\n)*)/gm)].map(([, title, text]) => [
    title!,
    /^```yaml\n([^]*?)^```/m.exec(text!)?.[1],
  ]),
);

const ID = keyId();
const SECRET = secretText();
const TOKEN = 'token-EXAMPLE';

interface Documented extends Pick<Received, 'method' | 'path'> {
  readonly headers: Readonly<Record<string, string>>;
  /** A text, or what is sent as JSON. */
  readonly body: unknown;
}

interface Vendor {
  readonly host: string;
  readonly documentation: string;
  /** What a yes is. */
  readonly answer: number;
  readonly requests: readonly Documented[];
}

const JSON_API = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/vnd.api+json' };
const bitbucket = (last: string, key: string, value: string, secured: boolean): Documented => ({
  method: 'PUT',
  path: `/2.0/repositories/acme/payments/pipelines_config/variables/%7B3f2504e0-4f89-11d3-9a0c-0305e82c330${last}%7D`,
  headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  body: { type: 'pipeline_variable', key, value, secured },
});
const hcp = (id: string, value: string): Documented => ({
  method: 'PATCH',
  path: `/api/v2/workspaces/ws-4j8p6jX1w33MiDC7/vars/${id}`,
  headers: JSON_API,
  body: { data: { type: 'vars', id, attributes: { value } } },
});
const gitlab = (name: string, value: string): Documented => ({
  method: 'PUT',
  path: `/api/v4/projects/4711/variables/${name}`,
  headers: { 'private-token': TOKEN, 'content-type': 'application/json' },
  body: { value },
});
const circleci = (name: string, value: string): Documented => ({
  method: 'PUT',
  path: `/api/v2/context/f31d7249-b7b1-4729-b3a4-ec0ba07b4686/environment-variable/${name}`,
  headers: { 'circle-token': TOKEN, 'content-type': 'application/json' },
  body: { value },
});

const VENDORS: Readonly<Record<string, Vendor>> = {
  GitLab: {
    host: 'gitlab.com',
    documentation: 'https://docs.gitlab.com/api/project_level_variables/#update-a-variable',
    answer: 200,
    requests: [gitlab('AWS_ACCESS_KEY_ID', ID), gitlab('AWS_SECRET_ACCESS_KEY', SECRET)],
  },
  'HCP Terraform': {
    host: 'app.terraform.io',
    documentation:
      'https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspace-variables#update-variables',
    answer: 200,
    requests: [hcp('var-EavQ1LztoRTQHSNT', ID), hcp('var-yRmifb4PJj7cLkMG', SECRET)],
  },
  CircleCI: {
    host: 'circleci.com',
    documentation: 'https://circleci.com/docs/api/v2/#tag/Context/operation/addEnvironmentVariableToContext',
    answer: 200,
    requests: [circleci('AWS_ACCESS_KEY_ID', ID), circleci('AWS_SECRET_ACCESS_KEY', SECRET)],
  },
  Bitbucket: {
    host: 'api.bitbucket.org',
    documentation:
      'https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/#api-repositories-workspace-repo-slug-pipelines-config-variables-variable-uuid-put',
    answer: 200,
    requests: [
      bitbucket('1', 'AWS_ACCESS_KEY_ID', ID, false),
      bitbucket('2', 'AWS_SECRET_ACCESS_KEY', SECRET, true),
    ],
  },
  'Azure DevOps': {
    host: 'dev.azure.com',
    documentation:
      'https://learn.microsoft.com/en-us/rest/api/azure/devops/distributedtask/variablegroups/update',
    answer: 200,
    requests: [
      {
        method: 'PUT',
        path: '/acme/_apis/distributedtask/variablegroups/42?api-version=7.1',
        headers: { authorization: `Basic ${TOKEN}`, 'content-type': 'application/json' },
        body: {
          name: 'aws-payments',
          type: 'Vsts',
          variables: {
            AWS_ACCESS_KEY_ID: { value: ID },
            AWS_SECRET_ACCESS_KEY: { value: SECRET, isSecret: true },
          },
          variableGroupProjectReferences: [
            {
              name: 'aws-payments',
              projectReference: { id: '8a1f3f9e-6c1b-4d53-9d0a-2f3c51a1c0de', name: 'payments' },
            },
          ],
        },
      },
    ],
  },
  Jenkins: {
    host: 'jenkins.example.com',
    documentation: 'https://github.com/jenkinsci/credentials-plugin/blob/master/docs/user.adoc#rest-api',
    answer: 200,
    requests: [
      {
        method: 'POST',
        path: '/credentials/store/system/domain/_/credential/aws-payments/config.xml',
        headers: { authorization: `Basic ${TOKEN}`, 'content-type': 'application/xml' },
        body: [
          '<com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl>',
          '  <scope>GLOBAL</scope>',
          '  <id>aws-payments</id>',
          '  <description>Delivered by iam-key-rotation</description>',
          `  <accessKey>${ID}</accessKey>`,
          `  <secretKey>${SECRET}</secretKey>`,
          '</com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl>',
          '',
        ].join('\n'),
      },
    ],
  },
};

let server: TlsServer;
beforeAll(async () => {
  server = await TlsServer.start(...Object.values(VENDORS).map(({ host }) => host));
});
afterAll(() => server.stop());

/** Sends each target of a recipe. */
async function deliver(recipe: string): Promise<void> {
  const file = fileWithUser(...recipe.trimEnd().split('\n'));
  const { deliver: targets } = parseConfiguration('rotation.yaml', file).stacks[0]!.users[0]!;
  const ports: Pick<DeliveryPorts, 'tokens' | 'githubSecrets' | 'httpsTargets'> = {
    ...createOutsidePorts(server.client()),
    tokens: { read: async () => new SecretMaterial(`${TOKEN}\n`) },
  };
  const value = new SecretMaterial(JSON.stringify({ AccessKeyId: ID, SecretAccessKey: SECRET }));
  for (const target of targets) {
    if (target.kind !== 'https') throw new Error('A recipe is for the HTTPS target.');
    await writeHttps(ports, { act: (call) => call() }, target, value);
  }
}

it('every vendor of the page has its test here, and its documentation on the page', () => {
  expect([...RECIPES.keys()]).toEqual(Object.keys(VENDORS));
  for (const { documentation } of Object.values(VENDORS)) expect(PAGE).toContain(`(${documentation})`);
});

const contentOf = ({ headers, body }: Received): unknown =>
  (headers['content-type'] ?? '').includes('json') ? JSON.parse(body) : body;

it.each(Object.entries(VENDORS))(
  'the recipe for %s sends what is documented, and nothing else',
  async (name, vendor) => {
    server.answerWith(status(vendor.answer, { 'content-type': 'application/json' }, '{}'));
    await deliver(RECIPES.get(name)!);
    expect(server.received.map((one) => ({ ...one, body: contentOf(one) }))).toEqual(
      vendor.requests.map(({ headers, ...request }) => ({
        ...request,
        headers: expect.objectContaining({ ...headers, host: vendor.host }),
      })),
    );
  },
);

it.each(Object.entries(VENDORS))('the recipe for %s is refused where the variable is gone', async (name) => {
  server.answerWith(status(404));
  await expect(deliver(RECIPES.get(name)!)).rejects.toMatchObject({
    name: 'CallRefusedError',
    kind: 'notFound',
  });
  expect(server.received).toHaveLength(1);
});

it('the page that Azure DevOps sends to sign in at is no yes, neither as a redirect nor with its status 203', async () => {
  const recipe = RECIPES.get('Azure DevOps')!;
  server.answerWith(status(302, { location: 'https://spsprodweu1.vssps.visualstudio.com/_signin' }));
  await expect(deliver(recipe)).rejects.toMatchObject({ name: 'CallRefusedError' });
  server.answerWith(status(203, { 'content-type': 'text/html' }, '<html>Sign In</html>'));
  await expect(deliver(recipe)).rejects.toMatchObject({ name: 'CallUnansweredError' });
});
