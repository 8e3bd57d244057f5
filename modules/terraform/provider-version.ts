/** What the constructs are written for: they set nothing that exists in one of the two majors only. */
export const PROVIDER_VERSION = '>= 5.100.0, < 7.0.0';
