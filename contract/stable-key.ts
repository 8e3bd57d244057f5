/** The name of a user in the configuration: a Terraform address, and a part of the names of all that is made for it. */
export const STABLE_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
