import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ASSUMPTIONS } from '../../../cli/verify-account/assumptions';
import { parseCall } from '../../../sandbox/front/parse-call';
import { startLocalAws } from '../../../sandbox/local-aws';
import { runCli } from '../../cli/sync/support/run-cli';
import { startTrail } from '../../further/notifications/support/trail';
import { createAuthorizer } from '../../support/iam-evaluation/authorizer';

type Lie = (request: string, answer: string) => string | undefined;

const about =
  (part: string, from: RegExp, to: string): Lie =>
  (request, answer) =>
    request.includes(part) ? answer.replace(from, to) : undefined;

/** By action, what AWS is made to say. A string that begins with `refuse` refuses the call. */
let listing: string | undefined;
let rotationsOfPendingOff = 0;
const LIES: Readonly<Record<string, readonly Lie[]>> = {
  GetCallerIdentity: [(_, answer) => answer.replaceAll('InvalidClientTokenId', 'InvalidInput')],
  ListAccessKeys: [
    (request, answer) => {
      if (!request.includes('listed-key')) return undefined;
      if (answer.includes('<AccessKeyId>')) listing = answer;
      return listing;
    },
  ],
  CreateAccessKey: [about('three-keys', /LimitExceeded/g, 'InvalidInput')],
  GetAccessKeyLastUsed: [
    (_, answer) =>
      answer.replace('<AccessKeyLastUsed>', '$&<LastUsedDate>2020-01-01T00:00:00Z</LastUsedDate>'),
  ],
  DescribeSecret: [
    about('first-version', /"AWSCURRENT"/g, '"OTHER"'),
    about('failing-test', /"AWSCURRENT"/g, '"AWSCURRENT","AWSPENDING"'),
  ],
  GetSecretValue: [about('read-lag', /"VersionId": ?"[^"]+"/g, '"VersionId":"another"')],
  PutSecretValue: [about('same-token', /ResourceExistsException/g, 'InvalidRequestException')],
  UpdateSecretVersionStage: [about('labels', /InvalidParameterException/g, 'InvalidRequestException')],
  RotateSecret: [
    about('stuck', /InvalidRequestException/g, 'InvalidParameterException'),
    (request) =>
      request.includes('pending-off') && ++rotationsOfPendingOff > 1
        ? 'refuse InvalidRequestException'
        : undefined,
  ],
  PutResourcePolicy: [about('unknown-principal', /MalformedPolicyDocument/g, 'InvalidParameter')],
  GetResourcePolicy: [(_, answer) => answer.replace(/AROA\w+/g, 'arn:aws:iam::111122223333:role/gone')],
  GetFunction: [(_, answer) => answer.replace('{', '{"Tags":{"a":"b"},')],
  CreateLogGroup: [
    (request) => (request.includes('made-by-role') ? 'refuse AccessDeniedException' : undefined),
  ],
  FilterLogEvents: [
    (_, answer) =>
      answer
        .replace(/createSecret(\W+secret\W+arn[^"\\]*-retried-)/g, 'setSecret$1')
        .replace(/testSecret(\W+secret\W+arn[^"\\]*-test-alone-)/g, 'createSecret$1')
        .replace(/PutSecretValue|RotationFailed/g, 'SomethingElse'),
  ],
  LookupEvents: [
    about('"CreateUser"', /us-east-1/g, 'us-west-2'),
    about('PutEventSelectors', /trailName/g, 'trail'),
    about('DeleteSchedule', /\\"[nN]ame\\"/g, '\\"schedule\\"'),
    about('lambda.amazonaws.com', /functionName/g, 'function'),
  ],
};

/** Stands before the local AWS and changes what it says. */
async function startLiar(endpoint: string) {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const call = await parseCall(incoming);
      const forwarded = httpRequest(endpoint + call.url, { method: call.method, headers: incoming.headers });
      forwarded.end(call.body);
      const [answer] = (await once(forwarded, 'response')) as [typeof incoming];
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      let text = Buffer.concat(chunks).toString();
      for (const lie of LIES[call.action] ?? []) text = lie(call.body.toString(), text) ?? text;
      const [, refusal] = /^refuse (\w+)$/.exec(text) ?? [];
      if (refusal !== undefined) text = JSON.stringify({ __type: refusal, message: 'Refused by the test.' });
      const headers = Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => !/^(content-length|transfer-encoding)$/.test(name)),
      );
      outgoing.writeHead(refusal === undefined ? (answer.statusCode ?? 500) : 400, headers);
      outgoing.end(text);
    })().catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('verify-account, where AWS does the contrary of each assumption', () => {
  it('says of each assumption that it does not hold, and leaves nothing', async () => {
    const authorizer = createAuthorizer(() => aws);
    const { authorize } = authorizer;
    const aws = await startLocalAws({ callsReachEventBus: true, authorize });
    const liar = await startLiar(aws.endpoint);
    try {
      await startTrail(aws);
      const { exitCode, stdout } = await runCli(['verify-account', '--yes', '--json', '--patience', '1'], {
        ...aws.environment,
        AWS_ENDPOINT_URL: liar.endpoint,
      });
      const { assumptions, left } = JSON.parse(stdout) as {
        left: readonly unknown[];
        assumptions: readonly { id: string; verdict: string; seen: string }[];
      };
      const tried = ASSUMPTIONS.filter(({ proof }) => proof.by === 'command').map(({ id }) => id);
      const notRed = assumptions.filter(
        ({ id, verdict }) => tried.includes(id) && verdict !== 'does not hold',
      );
      expect({ exitCode, left, notRed }).toEqual({ exitCode: 1, left: [], notRed: [] });
    } finally {
      liar.stop();
      await aws.stop();
    }
  });
});
