import type { Operation, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { Trails } from './trails';

/** moto 5.2.1 knows a trail by its name alone in these; Terraform's provider calls it by its ARN. */
export function trailOperations(moto: Moto, trails: Trails): OperationTable {
  const byName =
    (done: (name: string) => void): Operation =>
    async (call) => {
      const name = String(call.parameters['Name']).replace(/^arn:.*:trail\//, '');
      const body = Buffer.from(JSON.stringify({ ...call.parameters, Name: name }));
      const answer = await moto.forward({ ...call, body });
      if (answer.status < 400) done(name);
      return answer;
    };
  const stop = byName((name) => {
    trails.stop(name);
  });
  return {
    'cloudtrail:StartLogging': byName((name) => {
      trails.start(name);
    }),
    'cloudtrail:StopLogging': stop,
    'cloudtrail:DeleteTrail': stop,
  };
}
