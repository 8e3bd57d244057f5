import { LONGEST_NAME, RESERVED_STABLE_KEYS, STABLE_KEY, stableKeyFor } from '../../contract/stable-key';

const among = (...taken: readonly string[]) => ({
  isTaken: (key: string) => taken.includes(key.toLowerCase()),
});

describe('a stable key for a name', () => {
  it.each([
    ['ci-deployer', 'ci-deployer'],
    ['Reports_2', 'Reports_2'],
    ['legacy.mailer@example', 'legacy_mailer_example'],
    ['a,.=b', 'a_b'],
    ['1st', '_1st'],
    ['-x', '_-x'],
    ['@', '_'],
    ['Retire', 'Retire_user'],
    ['constructor', 'constructor_user'],
    ['__proto__', '__proto___user'],
  ])('a user that is called %s gets the stable key %s', (name, key) => {
    expect(stableKeyFor(name, among())).toBe(key);
  });

  it('a stable key is given once, without regard to case', () => {
    expect(stableKeyFor('B.c', among('b_c'))).toBe('B_c_2');
    expect(stableKeyFor('b_c', among('b_c', 'b_c_2'))).toBe('b_c_3');
    expect(stableKeyFor('retire', among('retire_user'))).toBe('retire_user_2');
  });

  it('a stable key is no longer than there is room, with its number', () => {
    const name = 'x'.repeat(LONGEST_NAME);

    expect(stableKeyFor(name, { isTaken: () => false, longest: 47 })).toBe('x'.repeat(47));
    expect(stableKeyFor(name, { ...among('x'.repeat(47)), longest: 47 })).toBe(`${'x'.repeat(45)}_2`);
  });

  it('a stable key that is cut off is no reserved one', () => {
    expect(stableKeyFor('rotate-all', { ...among(), longest: 6 })).toBe('rota_2');
  });

  it.each([...RESERVED_STABLE_KEYS, 'toString', '9', 'ä', ' '])(
    'the configuration takes what is made of %j',
    (name) => {
      expect(stableKeyFor(name, among())).toMatch(STABLE_KEY);
    },
  );
});
