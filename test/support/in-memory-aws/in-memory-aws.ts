import { InMemoryIam } from './iam';
import { InMemorySecretsManager } from './secrets-manager';
import { InMemoryServices } from './services';
import { InMemoryTable } from './table';
import { InMemoryTargets } from './targets';
import type { Witness } from './events';

/** One account's IAM, Secrets Manager, STS and DynamoDB table. The witness sees everything that happens there. */
export class InMemoryAws {
  readonly iam: InMemoryIam;
  readonly secretsManager: InMemorySecretsManager;
  readonly table: InMemoryTable;
  readonly targets: InMemoryTargets;
  readonly services = new InMemoryServices();

  constructor(witness: Witness) {
    this.iam = new InMemoryIam(witness);
    this.secretsManager = new InMemorySecretsManager(witness);
    this.table = new InMemoryTable(witness);
    this.targets = new InMemoryTargets(witness);
  }
}
