import { hintOfUserAgent } from '../../../cli/adopt/hints';

it.each([
  ['aws-cli/2.31.0 md/awscrt#0.26.1 ua/2.1 os/windows#10', 'a program on a workstation'],
  ['Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/macos#24.6.0', 'a program on a workstation'],
  ['aws-sdk-js/3.940.0 ua/2.1 os/darwin#24.6.0 Darwin', 'a program on a workstation'],
  ['aws-sdk-go-v2/1.39.0 os/linux', undefined],
  ['Mozilla/5.0 (Windows NT 10.0)', undefined],
])('the user agent %s is of %s', (userAgent, of) => {
  expect(hintOfUserAgent(userAgent)?.of).toBe(of);
});

// Whoever calls AWS writes it as he likes. With one look back for each word it would take minutes.
it.each(['aws-cli/', 'aws-sdk-', 'aws-sdk-x/', 'os/'])(
  'a user agent of nothing but %s is read in one go',
  (word) => {
    expect(hintOfUserAgent(word.repeat(200_000))).toBeUndefined();
  },
);
