import lock from '../../package-lock.json';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

it('package-lock.json has a checksum for every package of every platform, so that npm installs no other code', () => {
  const unchecked = Object.entries<LockedPackage>(lock.packages).filter(
    // What lies in the archive of another package is checked with that.
    ([path, { integrity, inBundle }]) =>
      path !== '' && inBundle !== true && integrity?.startsWith('sha512-') !== true,
  );

  expect(unchecked.map(([path]) => path)).toEqual([]);
});
