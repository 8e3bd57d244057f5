/** Whether it holds credentials is checked apart, so that such an address is not printed as what was found. */
export const HTTP_ADDRESS = /^https?:\/\/[^\s]{1,2000}$/;

export const HTTP_METHOD = /^[A-Z]{3,20}$/;

/** Whether an address has a user name, a password or a query in it: all that could be a credential. */
export function holdsCredentials(address: string): boolean {
  return /^https?:\/\/[^/?#]*@/.test(address) || /[?#]/.test(address);
}
