import { ConfigurationError } from '../../../modules/config/problem';
import { defaultSchedule } from '../../../modules/schedule/schedule';
import { rotationTiming } from '../../../modules/rotated-user/rotation-timing';

it('the timing of a user’s rotation is that of rotation.yaml where nothing is said', () => {
  expect(rotationTiming('ci-deployer')).toEqual({
    schedule: defaultSchedule('ci-deployer'),
    overlapSeconds: 86_400,
    gracePeriodSeconds: 604_800,
    maximumKeyAgeSeconds: 7_776_000,
    whenStillInUse: 'hold',
  });
});

it('the timing of a user’s rotation takes the words of rotation.yaml', () => {
  expect(
    rotationTiming('a', { schedule: 'cron(0 4 1 * ? *)', overlap: '2h', gracePeriod: '3d' }),
  ).toMatchObject({
    schedule: { expression: 'cron(0 4 1 * ? *)', windowHours: 3 },
    overlapSeconds: 7200,
    gracePeriodSeconds: 259_200,
    whenStillInUse: 'retire',
  });
});

it.each([
  ['lives that do not fit between two rotations', 'a', { rotateEvery: '5d' }, 'rotateEvery'],
  ['a hold that nobody can tell', 'a', { overlap: '1h', whenStillInUse: 'hold' as const }, 'whenStillInUse'],
  ['a stable key that makes no names', 'a b', {}, 'stable key'],
])('the timing of a user’s rotation is refused for %s', (_, key, options, what) => {
  expect(() => rotationTiming(key, options)).toThrow(ConfigurationError);
  expect(() => rotationTiming(key, options)).toThrow(what);
});

it('a refused timing is told by the words of the call, without a line of a file that is not there', () => {
  expect(() => rotationTiming('ci', { rotateEvery: '5d' })).toThrow(
    /^1 problem in rotationTiming\('ci', …\)\n\nrotationTiming\('ci', …\) rotateEvery\n {2}found/,
  );
});
