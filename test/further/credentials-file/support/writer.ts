import { createInterface } from 'node:readline';

import { withProfileKey } from '../../../../cli/credentials/profile-text';
import { replaceFile } from '../../../../cli/credentials/replace-file';
import { SecretMaterial } from '../../../../contract/secret-material';

/** One of many processes: writes a profile into each file that it is told, and answers how often it had to begin again. */
const [profile = '', staleAfter = ''] = process.argv.slice(2);
const key = {
  ...{ accessKeyId: `AKIA${profile.toUpperCase()}EXAMPLE`, secretAccessKey: new SecretMaterial('secret') },
  ...{ accountId: undefined, createdAt: undefined },
};

async function main(): Promise<void> {
  for await (const file of createInterface({ input: process.stdin })) {
    let times = 0;
    const change = (text: string): string => {
      times += 1;
      return withProfileKey(text, profile, key);
    };
    await replaceFile(file, change, { staleAfter: Number(staleAfter), waitAtMost: 60_000 });
    process.stdout.write(`${times - 1}\n`);
  }
}

void main();
