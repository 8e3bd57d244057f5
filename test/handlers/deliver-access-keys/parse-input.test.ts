import { parseInput } from '../../../handlers/deliver-access-keys/parse-input';
import { ARN } from '../support/fixtures';

const PREFIX = 'iam-key-rotation';
const label = (arn: string) => ({
  source: 'aws.secretsmanager',
  'detail-type': 'Secret Label Updated',
  resources: [arn],
  detail: { labelUpdated: 'AWSCURRENT' },
});

test.each([
  ['the hourly run', { deliver: 'all' }, 'all'],
  [
    'a promotion',
    { source: 'iam-key-rotation', 'detail-type': 'Key Promoted', detail: { user: 'ci-deployer' } },
    'ci-deployer',
  ],
  [
    'a rollback',
    { source: 'iam-key-rotation', 'detail-type': 'Key Rolled Back', detail: { user: 'ci-deployer' } },
    'ci-deployer',
  ],
  ['a moved label', label(ARN), 'ci-deployer'],
  [
    'a moved label of a secret of another stack',
    label(ARN.replace('iam-key-rotation/', 'other/')),
    undefined,
  ],
])('%s says whose key is to be delivered', (_what, input, user) => {
  expect(parseInput(input, PREFIX)).toEqual(user === 'all' ? user : { user });
});

test.each([
  ['nothing', {}],
  ['another event of ours', { source: 'iam-key-rotation', 'detail-type': 'Key Held', detail: { user: 'a' } }],
  ['an event of another source', { ...label(ARN), source: 'example.orders' }],
])('%s is an error that says what the function expects, and quotes nothing', (_what, input) => {
  expect(() => parseInput(input, PREFIX)).toThrow(
    /delivers after an event of EventBridge, or with \{"deliver": "all"\}.*Nothing was done/,
  );
});
