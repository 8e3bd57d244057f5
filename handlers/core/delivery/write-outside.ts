import type { GithubActionsTarget, HttpsTarget } from '../../../contract/delivery';
import { SecretMaterial } from '../../../contract/secret-material';
import type { Leased } from '../key-moves/lease';
import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import type { DeliveryPorts } from './delivery-ports';
import { partsOf } from './parts-of';
import { readToken } from './read-token';
import { renderRequest } from './render-request';
import { TargetRefusedError } from './target-refused-error';

type OutsideWork = Pick<DeliveryPorts, 'tokens' | 'githubSecrets' | 'httpsTargets'>;
type Lease = Pick<Leased<unknown>, 'act'>;

/**
 * Writes each secret. GitHub has no write of several at once: where one was written and the next one was not, the place
 * holds the new key in part, so it counts as unclear also if GitHub refused.
 */
export async function writeGithubSecrets(
  ports: OutsideWork,
  lease: Lease,
  target: GithubActionsTarget,
  value: SecretMaterial,
): Promise<void> {
  const { texts, place } = await beforeWriting(async () => {
    const part = partsOf(value);
    const texts = Object.entries(target.secrets).map(
      ([name, field]) => [name, part(field, `GitHub secret ${name}`)] as const,
    );
    const token = await readToken(ports, target.tokenSecret);
    return { texts, place: await ports.githubSecrets.open(target, token) };
  });
  const written: string[] = [];
  for (const [name, text] of texts) {
    try {
      await lease.act(() => ports.githubSecrets.put(target, place, name, new SecretMaterial(text)));
    } catch (error) {
      if (written.length > 0 && error instanceof CallRefusedError) throw inPart(error, written);
      throw error;
    }
    written.push(name);
  }
}

const inPart = ({ call, code, message }: CallRefusedError, written: readonly string[]): CallUnansweredError =>
  new CallUnansweredError(
    call,
    code,
    `${written.join(', ')} ${written.length === 1 ? 'has' : 'have'} the new key already, and then ${message}`,
  );

/** Sends the one request that the target is. */
export async function writeHttps(
  ports: OutsideWork,
  lease: Lease,
  target: HttpsTarget,
  value: SecretMaterial,
): Promise<void> {
  const request = await beforeWriting(async () => {
    const { tokenSecret } = target;
    const token = tokenSecret === undefined ? undefined : await readToken(ports, tokenSecret);
    if (token?.kind === 'githubApp') {
      throw new TargetRefusedError(
        `The secret of the token for ${target.url} holds a GitHub App, which only a target githubActions can use.`,
        'Nothing was sent. Store there the token as plain text, or as {"token": "…"}.',
      );
    }
    return renderRequest(target, value, token?.text);
  });
  await lease.act(() => ports.httpsTargets.send(request));
}

/** Nothing has changed yet, also where a question got no answer: that is as good as a refusal. */
async function beforeWriting<Prepared>(prepare: () => Promise<Prepared>): Promise<Prepared> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof CallUnansweredError)) throw error;
    throw new TargetRefusedError(
      `${error.message.replace(/[.]$/, '')}.`,
      'It only asks: nothing was written to the target, and the next run, within the hour, tries again.',
    );
  }
}
