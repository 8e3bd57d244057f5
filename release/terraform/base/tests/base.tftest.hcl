# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {}

variables {
  name = "production"
}

run "names_everything_after_the_prefix" {
  command = plan

  variables {
    prefix = "team-a"
  }

  assert {
    condition     = aws_dynamodb_table.journal.name == "team-a" && aws_lambda_function.retire.function_name == "team-a-retire"
    error_message = "The table or the function is not named after the prefix."
  }
  assert {
    condition     = aws_dynamodb_table.journal.deletion_protection_enabled
    error_message = "The table can be deleted by accident."
  }
}

run "may_touch_the_users_of_its_own_set_alone" {
  command = plan

  override_data {
    target = data.aws_caller_identity.current
    values = { account_id = "111122223333" }
  }
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  override_resource {
    target          = aws_dynamodb_table.journal
    override_during = plan
    values          = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation" }
  }
  override_resource {
    target          = aws_sqs_queue.retire-failed
    override_during = plan
    values          = { arn = "arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-retire-failed" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.retire
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-retire" }
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.retire.policy).Statement : statement if statement.Sid == "TaggedAccessKeys"
    ]).Condition.StringEquals["aws:ResourceTag/iam-key-rotation:stack"] == "production"
    error_message = "The retirement function may touch users of other sets."
  }
}

run "reports_only_if_told_so" {
  command = plan

  variables {
    retirement = "report"
  }

  assert {
    condition     = aws_lambda_function.retire.environment[0].variables.MODE == "report"
    error_message = "The retirement function would act."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                      = "no spaces"
    prefix                    = "1st"
    retirement                = "maybe"
    maximum_deletions_per_run = 0
    role_path                 = "service"
    log_retention_days        = 42
  }

  expect_failures = [
    var.name, var.prefix, var.retirement, var.maximum_deletions_per_run, var.role_path, var.log_retention_days
  ]
}
