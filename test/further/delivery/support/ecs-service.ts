import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Deployment,
} from '@aws-sdk/client-ecs';

import type { LocalAws } from '../../../../sandbox/local-aws';

/** A service of ECS in a local AWS, and what a person does to it. */
export class EcsService {
  private constructor(
    private readonly ecs: ECSClient,
    private readonly cluster: string,
    readonly arn: string,
  ) {}

  static async create(aws: LocalAws, cluster: string, serviceName: string): Promise<EcsService> {
    const ecs = new ECSClient(aws.clientConfig());
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: serviceName,
        containerDefinitions: [{ name: serviceName, image: 'example/api', memory: 128 }],
      }),
    );
    const { service } = await ecs.send(
      new CreateServiceCommand({ cluster, serviceName, taskDefinition: serviceName, desiredCount: 2 }),
    );
    return new EcsService(ecs, cluster, service!.serviceArn!);
  }

  /** Newest first. */
  async deployments(): Promise<readonly Deployment[]> {
    const { services } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: this.cluster, services: [this.arn] }),
    );
    return services![0]!.deployments!;
  }

  async deploy(): Promise<void> {
    await this.ecs.send(
      new UpdateServiceCommand({ cluster: this.cluster, service: this.arn, forceNewDeployment: true }),
    );
  }
}
