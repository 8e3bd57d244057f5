# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-west-1", name = "eu-west-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  # The check of the functions' code has to be known when Terraform plans: an empty date passes it.
  mock_resource "aws_lambda_function" {
    override_during = plan
    defaults = {
      arn           = "arn:aws:lambda:eu-west-1:111122223333:function:any"
      last_modified = ""
      code_sha256   = ""
    }
  }
  mock_data "aws_iam_user" {
    defaults = {
      arn     = "arn:aws:iam::111122223333:user/legacy.mailer"
      user_id = "AIDAEXAMPLE"
      tags    = { "iam-key-rotation:stack" = "production" }
    }
  }
}

variables {
  base = {
    name                     = "production"
    prefix                   = "iam-key-rotation"
    table_name               = "iam-key-rotation"
    table_arn                = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
    protection               = true
    role_path                = "/"
    permissions_boundary_arn = null
    log_retention_days       = 365
    log_kms_key_arn          = null
    per_function_alarms      = true
    runbook_url              = "docs/runbook.md"
    function_runtime         = "nodejs22.x"
    function_architecture    = "arm64"
  }
  name      = "mailer"
  user_name = "legacy.mailer"
}

run "looks_the_user_up_by_its_name" {
  command = plan

  assert {
    condition     = data.aws_iam_user.user.user_name == "legacy.mailer" && aws_secretsmanager_secret.user.name == "iam-key-rotation/mailer"
    error_message = "Another user is looked up, or the secret is not named after the key."
  }
  assert {
    condition     = output.user_arn == "arn:aws:iam::111122223333:user/legacy.mailer"
    error_message = "The user's ARN is ${output.user_arn}."
  }
  assert {
    condition     = aws_secretsmanager_secret.user.tags["iam-key-rotation:user-id"] == "AIDAEXAMPLE" && aws_secretsmanager_secret.user.tags["iam-key-rotation:user"] == "mailer"
    error_message = "The secret's tags do not say whose it is."
  }
}

run "lets_the_user_read_its_own_secret" {
  command = plan

  variables {
    self_renewal = true
  }

  assert {
    condition     = jsondecode(one(aws_secretsmanager_secret_policy.user).policy).Statement[0].Condition.StringEquals["aws:PrincipalArn"] == ["arn:aws:iam::111122223333:user/legacy.mailer"]
    error_message = "The secret's policy does not admit the user, or admits somebody else."
  }
}

run "refuses_a_user_whose_previous_keys_nothing_would_retire" {
  command = plan

  override_data {
    target = data.aws_iam_user.user
    values = { tags = { "iam-key-rotation:stack" = "staging" } }
  }

  expect_failures = [aws_dynamodb_table_item.user]
}
