import { fromRotatedSecret } from '../../client';

it.each([
  [{ refreshSeconds: 0 }, 'refreshSeconds is 0; it must be a number of seconds from 1 to 43200.'],
  [{ refreshSeconds: Number.NaN }, 'refreshSeconds is NaN'],
  [{ refreshSeconds: 86_400 }, 'refreshSeconds is 86400'],
  [
    { serveStaleSeconds: 299 },
    'serveStaleSeconds is 299; it must be a number of seconds from 300 to Infinity.',
  ],
])('the options of fromRotatedSecret %j are refused at once', (options, message) => {
  expect(() => fromRotatedSecret({ secretId: 'app', ...options })).toThrow(message);
});

it.each([
  [{}, 'secretId is undefined; it must be the name or the ARN of a secret.'],
  [{ secretid: 'app' }, 'secretId is undefined'],
  [{ secretId: '' }, 'secretId is empty'],
])(
  'fromRotatedSecret without a secret is refused at once, also where no types are checked: %j',
  (init, message) => {
    expect(() => fromRotatedSecret(init as never)).toThrow(message);
  },
);
