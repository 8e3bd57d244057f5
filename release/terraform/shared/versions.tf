# The build copies this file to every module.
terraform {
  # Validations may refer to other variables. https://developer.hashicorp.com/terraform/language/v1.9.x/upgrade-guides
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The constraint of modules/terraform/provider-version.ts; a test compares them.
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}
