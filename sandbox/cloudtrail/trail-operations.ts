import type { AuthenticatedCall, Operation, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { Trails } from './trails';

/** moto 5.2.1 knows a trail by its name alone in most of these; Terraform's provider calls it by its ARN. */
export function trailOperations(moto: Moto, trails: Trails): OperationTable {
  const byName =
    (parameter: 'Name' | 'TrailName', done: (name: string, call: AuthenticatedCall) => void): Operation =>
    async (call) => {
      const name = String(call.parameters[parameter]).replace(/^arn:.*:trail\//, '');
      const body = Buffer.from(JSON.stringify({ ...call.parameters, [parameter]: name }));
      const answer = await moto.forward({ ...call, body });
      if (answer.status < 400) done(name, call);
      return answer;
    };
  return {
    'cloudtrail:CreateTrail': byName('Name', (name, { region, parameters }) => {
      trails.create(name, region, parameters['IsMultiRegionTrail'] === true);
    }),
    'cloudtrail:UpdateTrail': byName('Name', (name, { parameters }) => {
      const everyRegion = parameters['IsMultiRegionTrail'];
      if (typeof everyRegion === 'boolean') trails.change(name, { everyRegion });
    }),
    'cloudtrail:PutEventSelectors': byName('TrailName', (name, { parameters }) => {
      trails.change(name, { managementEvents: selectsManagementEvents(parameters) });
    }),
    'cloudtrail:StartLogging': byName('Name', (name) => {
      trails.change(name, { logging: true });
    }),
    'cloudtrail:StopLogging': byName('Name', (name) => {
      trails.change(name, { logging: false });
    }),
    'cloudtrail:DeleteTrail': byName('Name', (name) => {
      trails.delete(name);
    }),
  };
}

interface Selectors {
  readonly EventSelectors?: readonly { readonly IncludeManagementEvents?: boolean }[];
  readonly AdvancedEventSelectors?: readonly {
    readonly FieldSelectors: readonly { readonly Field: string; readonly Equals?: readonly string[] }[];
  }[];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
function selectsManagementEvents(parameters: Selectors): boolean {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = parameters;
  return (
    EventSelectors.some(({ IncludeManagementEvents }) => IncludeManagementEvents !== false) ||
    AdvancedEventSelectors.some(({ FieldSelectors }) =>
      FieldSelectors.some(
        ({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management') === true,
      ),
    )
  );
}
