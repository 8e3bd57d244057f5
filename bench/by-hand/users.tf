# What somebody writes who wants rotated keys and has no product for it: every resource of a user, and nothing else.
# What is compared with is this file, with one of the two others.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "users" {
  type = set(string)
}

resource "aws_iam_user" "this" {
  for_each = var.users

  name = each.key
}

resource "aws_iam_access_key" "this" {
  for_each = var.users

  user = aws_iam_user.this[each.key].name
}

resource "aws_secretsmanager_secret" "this" {
  for_each = var.users

  name        = "by-hand/${each.key}"
  description = "Access key of the IAM user ${each.key}."
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = var.users

  secret_id = aws_secretsmanager_secret.this[each.key].id
  secret_string = jsonencode({
    AccessKeyId     = aws_iam_access_key.this[each.key].id
    SecretAccessKey = aws_iam_access_key.this[each.key].secret
  })

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_secretsmanager_secret_rotation" "this" {
  for_each = var.users

  secret_id           = aws_secretsmanager_secret.this[each.key].id
  rotation_lambda_arn = local.function_arns[each.key]
  rotate_immediately  = false

  rotation_rules {
    schedule_expression = "rate(60 days)"
  }

  depends_on = [aws_lambda_permission.this, aws_iam_role_policy.this, aws_secretsmanager_secret_version.this]
}
