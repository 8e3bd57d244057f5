import { allPages } from '../../../handlers/aws/all-pages';

const CALL = { service: 'IAM', action: 'ListAccessKeys' } as const;

test('a list whose pages never come to an end is given up after the most that it can have (R8)', async () => {
  let pages = 0;
  const endless = allPages(CALL, 3, () =>
    Promise.resolve({ items: ['an item'], isLast: false, next: (pages += 1) }),
  );
  await expect(endless).rejects.toThrow('the list does not end within 3 pages');
  expect(pages).toBe(3);
});
