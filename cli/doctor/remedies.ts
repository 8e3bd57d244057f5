import type { Expected } from './expected';

/** What puts right nearly all that somebody else has changed. */
export const applied = (expected: Pick<Expected, 'source'>): string =>
  `Run terraform apply in ${folderOf(expected)}.`;

/** Where Terraform runs. */
export const folderOf = ({ source }: Pick<Expected, 'source'>): string =>
  'folder' in source ? source.folder : 'the folder of the configuration whose state this is';

export const raise = (quota: string): string => `Ask AWS for more in Service Quotas: ${quota}.`;
