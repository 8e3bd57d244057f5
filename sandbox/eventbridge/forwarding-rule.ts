import { randomUUID } from 'node:crypto';

import { xmlText } from '../front/answers';
import { ApiError } from '../front/api-call';
import type { Authorize } from '../front/front';
import type { Moto } from '../moto/moto';
import { rolePrincipal } from '../sts/sessions';
import type { ForwardingRule } from './event-bus';

/**
 * Whether a rule may put an event on another bus: with the role of its target, which has to be there, to trust EventBridge,
 * and to be allowed `events:PutEvents`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export function forwardingRule(moto: Moto, authorize: Authorize | undefined) {
  return async ({ roleArn, busArn, event }: ForwardingRule): Promise<boolean> => {
    const RoleName = roleArn.split('/').at(-1) ?? '';
    const { body } = await moto.query('iam', { Action: 'GetRole', Version: '2010-05-08', RoleName });
    const xml = body.toString('utf8');
    const [arn, id] = [xmlText(xml, 'Arn'), xmlText(xml, 'RoleId')];
    const trust = decodeURIComponent(xmlText(xml, 'AssumeRolePolicyDocument') ?? '');
    if (arn !== roleArn || id === undefined || !trust.includes('events.amazonaws.com')) return false;
    const entry = { EventBusName: busArn, Source: event['source'], DetailType: event['detail-type'] };
    try {
      await authorize?.({
        ...{ id: randomUUID(), method: 'POST', url: '/', path: '/', query: new URLSearchParams() },
        ...{ headers: {}, body: Buffer.alloc(0), service: 'events', protocol: 'json', action: 'PutEvents' },
        region: busArn.split(':')[3] ?? '',
        parameters: { Entries: [entry] },
        principal: rolePrincipal({ arn, id }, 'EventBridge'),
      });
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  };
}
