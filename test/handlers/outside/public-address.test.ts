import { objectionTo } from '../../../handlers/outside/public-address';

const ask = (address: string, ...allowPrivate: readonly string[]): string | undefined =>
  objectionTo(address, { host: 'vault.example.com', allowPrivate });

test.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])(
  'the public address %s may be connected to',
  (address) => {
    expect(ask(address)).toBeUndefined();
  },
);

test.each([
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.8.8.8', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['169.254.169.254', 'linkLocal'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fe80::1', 'linkLocal'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fd00:ec2::254', 'uniqueLocal'],
  ['ff02::1', 'multicast'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:a9fe:a9fe', 'linkLocal'],
  ['64:ff9b::a00:1', 'rfc6052'],
  ['2002:a00:1::', '6to4'],
  ['2001::1', 'teredo'],
  ['no address', 'unreadable'],
])('%s may not be connected to: %s', (address, objection) => {
  expect(ask(address)).toBe(objection);
});

test.each(['10.1.2.3', 'fd00::7', '100.64.0.1', '::ffff:10.0.0.1'])(
  'a host that is allowed by its name may have the private address %s',
  (address) => {
    expect(ask(address, 'Vault.Example.com')).toBeUndefined();
  },
);

test.each(['127.0.0.1', '::1', '169.254.169.254', 'fe80::1', '0.0.0.0', '224.0.0.1'])(
  'a host that is allowed by its name may not have %s: that one has to be allowed by itself',
  (address) => {
    expect(ask(address, 'vault.example.com')).toBeDefined();
    expect(ask(address, address)).toBeUndefined();
  },
);

test('another host, or another address, is no reason', () => {
  expect(ask('10.1.2.3', 'example.com', '10.1.2.4')).toBe('private');
});
