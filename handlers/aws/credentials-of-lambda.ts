import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Takes the place of the SDK's own search for credentials in what runs in Lambda, see modules/node-function/bundle.ts. Lambda
 * puts those of the function's role into its environment, where that search would find them first; the rest of it (profiles,
 * sign-in, metadata of machines) is a seventh of the code.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = fromEnv;
