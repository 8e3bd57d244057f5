/** Where a stack's state is unless the file says otherwise: in the project, and outside `cdktf.out`. */
export const defaultStatePath = (stackName: string): string => `terraform-state/${stackName}.tfstate`;
