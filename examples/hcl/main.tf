# Two sets of users, in two regions of one account. Names of roles and users are the account's, so the prefixes differ.

terraform {
  required_version = ">= 1.9.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias               = "virginia"
  region              = "us-east-1"
  allowed_account_ids = ["111122223333"]
}

variable "protection" {
  type        = bool
  default     = true
  description = "False only where all of it is thrown away again."
}

module "base" {
  source       = "./modules/base"
  name         = "production"
  alert_emails = ["oncall@example.com"]
  protection   = var.protection
}

module "deployer" {
  source   = "./modules/rotated-user"
  for_each = toset(["ci-deployer", "docs-deployer"])

  base                 = module.base
  name                 = each.key
  path                 = "/service/"
  policy_arns          = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  readers              = ["arn:aws:iam::111122223333:role/ci"]
  owner                = "platform-team"
  secret_recovery_days = var.protection ? 30 : 0
}

module "base_virginia" {
  source     = "./modules/base"
  providers  = { aws = aws.virginia }
  name       = "virginia"
  prefix     = "iam-key-rotation-virginia"
  protection = var.protection

  # One alarm for all rotation functions, which cannot see crashes, in place of two for each.
  per_function_alarms = false
}

module "mailer" {
  source    = "./modules/rotated-user"
  providers = { aws = aws.virginia }

  base                 = module.base_virginia
  name                 = "mailer"
  user_name            = "legacy.mailer@example"
  rotate_every_days    = 30
  overlap_hours        = 2
  take_over            = ["all"]
  replicas             = [{ region = "us-west-2" }]
  self_renewal         = true
  exemption            = { reason = "waits for the new \"gateway\"", until = "2026-01-31T00:00:00Z" }
  secret_recovery_days = var.protection ? 30 : 0
}

output "secret_arns" {
  value = merge({ for name, user in module.deployer : name => user.secret_arn }, { mailer = module.mailer.secret_arn })
}
