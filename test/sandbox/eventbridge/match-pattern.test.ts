import { matchesPattern, readPattern } from '../../../sandbox/eventbridge/match-pattern';

/*
 * Cases of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, and of the README and
 * the tests of EventBridge's own matcher, https://github.com/aws/event-ruler (ACMachineTest, JsonRuleCompilerTest, CIDRTest,
 * WildcardParserTest).
 */
const EVENT = {
  source: 'aws.cloudwatch',
  resources: ['arn:one', 'arn:two'],
  detail: {
    state: { value: 'ALARM' },
    count: 3,
    small: -0.5,
    on: true,
    nothing: null,
    blank: '',
    names: ['a', 'b'],
    none: [],
    empty: {},
    file: '/usr/lib/a*b\\c.png',
    v4: '10.0.0.33',
    v6: '2001:db8::1',
    'dotted.name': 'x',
    people: [
      { first: 'Anna', last: 'Smith' },
      { first: 'Peter', last: 'Jones', tags: ['new', 'old'] },
    ],
  },
};

const detail = (name: string, ...wanted: unknown[]) => ({ detail: { [name]: wanted } });

describe('an event matches a pattern', () => {
  test.each<[string, unknown]>([
    ['every field has one of the values', { source: ['x', 'aws.cloudwatch'], detail: { count: [3] } }],
    ['one entry of a list in the event does', { resources: ['arn:two'] }],
    ['it begins so', { resources: [{ prefix: 'arn:t' }] }],
    ['it begins so without regard to case', { source: [{ prefix: { 'equals-ignore-case': 'AWS.C' } }] }],
    ['everything begins with nothing', { source: [{ prefix: '' }] }],
    ['it ends so', { source: [{ suffix: '.cloudwatch' }] }],
    ['it ends so without regard to case', { source: [{ suffix: { 'equals-ignore-case': 'WATCH' } }] }],
    ['it reads so', { source: [{ wildcard: 'aws.*watch' }] }],
    ['it reads so, with nothing for the asterisk', { source: [{ wildcard: 'aws.cloud*watch' }] }],
    ['it reads so, with an asterisk and a backslash', detail('file', { wildcard: '*a\\*b\\\\c.png' })],
    ['it reads so, without regard to case', { source: [{ 'equals-ignore-case': 'AWS.CloudWatch' }] }],
    ['a field is there', detail('count', { exists: true })],
    ['a field is there that is null', detail('nothing', { exists: true })],
    ['a field is not there', detail('other', { exists: false })],
    ['a list without entries is not there', detail('none', { exists: false })],
    ['a map is no value, so it is not there', detail('state', { exists: false })],
    ['one value may be there or not', detail('other', 'x', { exists: false })],
    ['a value is another', { source: [{ 'anything-but': 'x' }] }],
    ['a value is none of several', { source: [{ 'anything-but': ['x', 'y'] }] }],
    ['a number is none of several', detail('count', { 'anything-but': [1, 2] })],
    ['null is another value than a text', detail('nothing', { 'anything-but': 'x' })],
    ['a number is another value than a text', detail('count', { 'anything-but': '3' })],
    ['one entry of a list is another', detail('names', { 'anything-but': 'a' })],
    ['a value begins otherwise', { source: [{ 'anything-but': { prefix: 'x' } }] }],
    ['a value begins with none of several', { source: [{ 'anything-but': { prefix: ['x', 'y'] } }] }],
    ['a value ends otherwise', { source: [{ 'anything-but': { suffix: ['x', 'y'] } }] }],
    ['a value reads otherwise', { source: [{ 'anything-but': { wildcard: ['*x*', 'y*'] } }] }],
    ['a value is another in any case', { source: [{ 'anything-but': { 'equals-ignore-case': ['X'] } }] }],
    ['null is null', detail('nothing', null)],
    ['true is true', detail('on', true)],
    ['a text is empty', detail('blank', '')],
    ['a number is equal', detail('count', { numeric: ['=', 3] })],
    ['a number is within', detail('count', { numeric: ['>', 0, '<=', 3] })],
    ['a number is below', detail('small', { numeric: ['<', 0] })],
    ['an address is in the range', detail('v4', { cidr: '10.0.0.0/24' })],
    ['an address of version 6 is in the range', detail('v6', { cidr: '2001:db8::/32' })],
    ['one of several patterns does', { $or: [{ source: ['x'] }, detail('count', 3)] }],
    [
      'a pattern within one of several does',
      { detail: { $or: [{ count: [4] }, { on: [true], blank: [''] }] } },
    ],
    [
      'two choices are both met',
      {
        $or: [{ source: ['x'] }, { source: ['aws.cloudwatch'] }],
        detail: { $or: [{ count: [3] }, { count: [4] }] },
      },
    ],
    [
      'two fields are of the same entry of a list',
      { detail: { people: { first: ['Anna'], last: ['Smith'] } } },
    ],
    ['a list in an entry of a list', { detail: { people: { last: ['Jones'], tags: ['old'] } } }],
    ['a field with a dot reads like two', { detail: { dotted: { name: ['x'] } } }],
  ])('%s', (_why, pattern) => {
    expect(matchesPattern(pattern, EVENT)).toBe(true);
  });
});

describe('an event does not match', () => {
  test.each<[string, unknown]>([
    ['another value', { source: ['aws.events'] }],
    ['a number for a text', detail('count', '3')],
    ['a text for what is true', detail('on', 'true')],
    ['one field of two', { source: ['aws.cloudwatch'], detail: { count: [4] } }],
    ['a field that is not there', detail('other', null)],
    ['a field below one that is not there', { other: { field: ['x'] } }],
    ['anything but, where it is not there', detail('other', { 'anything-but': 'x' })],
    ['anything but, where a list has no entries', detail('none', { 'anything-but': 'x' })],
    ['anything but several, of which it is one', { source: [{ 'anything-but': ['x', 'aws.cloudwatch'] }] }],
    ['anything but a beginning that it has', { source: [{ 'anything-but': { prefix: ['x', 'aws'] } }] }],
    ['anything but an end that it has', detail('file', { 'anything-but': { suffix: '.png' } })],
    ['anything but a reading that it has', detail('file', { 'anything-but': { wildcard: '*/lib/*' } })],
    [
      'anything but itself in another case',
      { source: [{ 'anything-but': { 'equals-ignore-case': 'AWS.CLOUDWATCH' } }] },
    ],
    ['a number that begins so', detail('count', { prefix: '3' })],
    ['a text as a number', { source: [{ numeric: ['>', 0] }] }],
    ['a number at an open end', detail('count', { numeric: ['>', 3] })],
    ['a map that has to be there', detail('state', { exists: true })],
    ['a map without members that has to be there', detail('empty', { exists: true })],
    ['an address outside of the range', detail('v4', { cidr: '10.0.1.0/24' })],
    ['a text that is no address', { source: [{ cidr: '10.0.0.0/24' }] }],
    ['a name that every object has', detail('constructor', { exists: true })],
    [
      'two fields of different entries of a list',
      { detail: { people: { first: ['Anna'], last: ['Jones'] } } },
    ],
    [
      '… also over a choice',
      { detail: { people: { first: ['Anna'] }, $or: [{ people: { last: ['Jones'] } }, { count: [9] }] } },
    ],
    ['none of several patterns', { $or: [{ source: ['x'] }, { source: ['y'] }] }],
  ])('%s', (_why, pattern) => {
    expect(matchesPattern(pattern, EVENT)).toBe(false);
  });
});

describe('EventBridge does not take', () => {
  test.each<[string, unknown]>([
    ['a value that is not in a list', { source: 'aws.cloudwatch' }],
    ['no pattern at all', {}],
    ['a list without entries', { source: [] }],
    ['a list in a list', { source: [['x']] }],
    ['an operator that it does not know', { source: [{ regex: 'x' }] }],
    ['two operators at once', { source: [{ prefix: 'x', suffix: 'y' }] }],
    ['a choice of one', { $or: [{ source: ['x'] }] }],
    ['anything but a mixture', { source: [{ 'anything-but': ['x', 3] }] }],
    ['anything but nothing', { source: [{ 'anything-but': [] }] }],
    ['anything but an empty beginning', { source: [{ 'anything-but': { prefix: '' } }] }],
    ['anything but null', { source: [{ 'anything-but': null }] }],
    ['two asterisks in a row', { source: [{ wildcard: 'a**b' }] }],
    ['a backslash before a letter', { source: [{ wildcard: 'a\\b' }] }],
    ['a list of readings outside of anything but', { source: [{ wildcard: ['a*', 'b*'] }] }],
    ['a comparison of texts', { source: [{ numeric: ['>', '3'] }] }],
    ['a range from above to below', { source: [{ numeric: ['>', 5, '<', 3] }] }],
    ['a number beyond five thousand million', { source: [{ numeric: ['<', 6e9] }] }],
    ['an address without a range', { source: [{ cidr: '10.0.0.0' }] }],
    ['neither there nor not', { source: [{ exists: 'yes' }] }],
  ])('%s', (_what, pattern) => {
    expect(() => readPattern(pattern)).toThrow(expect.objectContaining({ name: 'InvalidPattern' }) as Error);
  });
});
