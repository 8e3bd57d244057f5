import type { Operation, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';

/** moto 5.2.1 knows a trail by its name alone in these; Terraform's provider calls it by its ARN. */
export function trailOperations(moto: Moto): OperationTable {
  const byName: Operation = (call) => {
    const name = String(call.parameters['Name']).replace(/^arn:.*:trail\//, '');
    return moto.forward({ ...call, body: Buffer.from(JSON.stringify({ ...call.parameters, Name: name })) });
  };
  return {
    'cloudtrail:StartLogging': byName,
    'cloudtrail:StopLogging': byName,
    'cloudtrail:DeleteTrail': byName,
  };
}
