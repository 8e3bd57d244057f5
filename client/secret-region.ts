const SECRET_ARN = /^arn:[\w-]+:secretsmanager:([\w-]+):\d{12}:secret:/;

/** The region in a secret's ARN; undefined for a name. */
export const secretRegion = (secretId: string): string | undefined => SECRET_ARN.exec(secretId)?.[1];
