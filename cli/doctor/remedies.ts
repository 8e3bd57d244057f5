import type { Expected } from './expected';

/** What puts right nearly all that somebody else has changed. */
export const applied = ({ folder }: Pick<Expected, 'folder'>): string => `Run terraform apply in ${folder}.`;

export const raise = (quota: string): string => `Ask AWS for more in Service Quotas: ${quota}.`;
