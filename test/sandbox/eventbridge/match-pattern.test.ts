import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';

const EVENT = {
  source: 'aws.cloudwatch',
  resources: ['arn:one', 'arn:two'],
  detail: { state: { value: 'ALARM' }, count: 3, nothing: null, names: ['a', 'b'] },
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
describe('an event matches a pattern', () => {
  test.each([
    ['every field has one of the values', { source: ['x', 'aws.cloudwatch'], detail: { count: [3] } }],
    ['one entry of a list in the event does', { resources: ['arn:two'] }],
    ['it begins so', { resources: [{ prefix: 'arn:t' }] }],
    ['it ends so', { source: [{ suffix: '.cloudwatch' }] }],
    ['it reads so', { source: [{ wildcard: 'aws.*watch' }] }],
    ['it reads so without regard to case', { source: [{ 'equals-ignore-case': 'AWS.CloudWatch' }] }],
    ['a field is there', { detail: { count: [{ exists: true }] } }],
    ['a field is not there', { detail: { other: [{ exists: false }] } }],
    ['a value is another', { source: [{ 'anything-but': ['x', 'y'] }] }],
    ['a value begins otherwise', { source: [{ 'anything-but': { prefix: 'x' } }] }],
    ['null is null', { detail: { nothing: [null] } }],
    ['one of several patterns does', { $or: [{ source: ['x'] }, { detail: { count: [3] } }] }],
  ])('%s', (_why, pattern) => {
    expect(matchesPattern(pattern, EVENT)).toBe(true);
  });
});

describe('an event does not match', () => {
  test.each([
    ['another value', { source: ['aws.events'] }],
    ['a number for a text', { detail: { count: ['3'] } }],
    ['one field of two', { source: ['aws.cloudwatch'], detail: { count: [4] } }],
    ['a field that is not there', { detail: { other: [null] } }],
    ['a field below one that is not there', { other: { field: ['x'] } }],
    ['anything but, where it is not there', { detail: { other: [{ 'anything-but': 'x' }] } }],
    ['a name that every object has', { detail: { constructor: [{ exists: true }] } }],
  ])('%s', (_why, pattern) => {
    expect(matchesPattern(pattern, EVENT)).toBe(false);
  });
});

test.each([
  ['an operator that is not known', { source: [{ numeric: ['>', 3] }] }],
  ['a value that is not in a list', { source: 'aws.cloudwatch' }],
])('%s is an error and not a match', (_what, pattern) => {
  expect(() => matchesPattern(pattern, EVENT)).toThrow();
});
