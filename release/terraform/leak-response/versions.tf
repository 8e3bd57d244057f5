# As shared/versions.tf, and the providers of the regions that AWS reports leaks in.
terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.100.0, < 7.0.0"
      configuration_aliases = [aws.iam_events, aws.health_backup]
    }
  }
}
