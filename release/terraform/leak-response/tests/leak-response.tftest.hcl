# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {
  # The check of the functions' code has to be known when Terraform plans: an empty date passes it.
  mock_resource "aws_lambda_function" {
    override_during = plan
    defaults = {
      arn           = "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-respond"
      last_modified = ""
      code_sha256   = ""
    }
  }
  mock_resource "aws_cloudwatch_log_group" {
    override_during = plan
    defaults        = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-respond" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1", name = "eu-west-1" }
  }
}

mock_provider "aws" {
  alias = "iam_events"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1", name = "us-east-1" }
  }
}

mock_provider "aws" {
  alias = "health_backup"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-west-2", name = "us-west-2" }
  }
}

variables {
  base = {
    name                      = "production"
    prefix                    = "iam-key-rotation"
    table_name                = "iam-key-rotation"
    table_arn                 = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
    role_path                 = "/"
    log_retention_days        = 365
    function_runtime          = "nodejs22.x"
    function_architecture     = "arm64"
    on_leak                   = "replace"
    notification_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-notify"
  }
}

run "replaces_keys_with_a_function_that_may_invoke_those_that_rotate_and_no_other" {
  command = plan

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.respond[0].policy).Statement : statement.Sid => [statement.Effect, statement.Resource]
      if statement.Action == "lambda:InvokeFunction"
      } == {
      ReplaceLeakedKeys = ["Allow", ["arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-*"]]
      NoOtherFunctions  = ["Deny", flatten([for name in ["retire", "notify", "respond"] : [for which in ["", ":*"] : "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-${name}${which}"]])]
    }
    error_message = "The function may invoke others: ${aws_iam_role_policy.respond[0].policy}"
  }
  assert {
    condition = alltrue([
      for target in [aws_cloudwatch_event_target.leak-health, aws_cloudwatch_event_target.leak-quarantine] :
      target.arn == aws_lambda_function.respond[0].arn && target.target_id == "respond-to-leaks"
    ])
    error_message = "What AWS reports does not reach the function that replaces keys."
  }
  assert {
    condition     = output.function_name == "iam-key-rotation-respond" && aws_lambda_permission.leak-health.function_name == "iam-key-rotation-respond"
    error_message = "The function is called otherwise, or EventBridge may not invoke it."
  }
}

run "may_not_invoke_the_delivery_function_where_there_is_one" {
  command = plan
  variables {
    base = {
      name                      = "production"
      prefix                    = "iam-key-rotation"
      table_name                = "iam-key-rotation"
      table_arn                 = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      role_path                 = "/"
      log_retention_days        = 365
      function_runtime          = "nodejs22.x"
      function_architecture     = "arm64"
      delivers                  = true
      on_leak                   = "replace"
      notification_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-notify"
    }
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.respond[0].policy, "function:iam-key-rotation-deliver\"")
    error_message = "The function may invoke the one that delivers: ${aws_iam_role_policy.respond[0].policy}"
  }
}

run "only_notifies_with_no_function_of_its_own" {
  command = plan
  variables {
    base = {
      name                      = "production"
      prefix                    = "iam-key-rotation"
      table_name                = "iam-key-rotation"
      table_arn                 = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      role_path                 = "/"
      log_retention_days        = 365
      function_runtime          = "nodejs22.x"
      function_architecture     = "arm64"
      on_leak                   = "notify"
      notification_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-notify"
    }
  }
  assert {
    condition = (
      length(aws_lambda_function.respond) + length(aws_iam_role.respond) + length(aws_iam_role_policy.respond) +
      length(aws_cloudwatch_log_group.respond) + length(aws_lambda_function_event_invoke_config.respond) == 0
    )
    error_message = "There is a function that nobody asked for."
  }
  assert {
    condition = alltrue([
      for target in [aws_cloudwatch_event_target.leak-health, aws_cloudwatch_event_target.leak-quarantine] :
      target.arn == "arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-notify" && target.target_id == "notify-people"
    ])
    error_message = "What AWS reports does not reach the function that notifies people."
  }
  assert {
    condition     = output.function_name == null && length(aws_cloudwatch_event_rule.leak-events) == 1
    error_message = "A function is named that is not there, or nothing is brought from where AWS reports."
  }
}

run "brings_what_aws_reports_from_the_two_regions_in_which_it_does" {
  command = plan
  assert {
    condition = (
      aws_cloudwatch_event_target.leak-events[0].arn == "arn:aws:events:eu-west-1:111122223333:event-bus/default" &&
      aws_cloudwatch_event_target.leak-events-backup[0].arn == "arn:aws:events:eu-west-1:111122223333:event-bus/default"
    )
    error_message = "A report does not come to the region of the base."
  }
  assert {
    condition = jsondecode(aws_iam_role.leak-events[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == [
      for region in ["us-east-1", "us-west-2"] : "arn:aws:events:${region}:111122223333:rule/iam-key-rotation-leaks.events"
    ]
    error_message = "Other rules may use the role: ${aws_iam_role.leak-events[0].assume_role_policy}"
  }
}

run "brings_nothing_from_the_region_of_the_base" {
  command = plan
  override_data {
    target = data.aws_region.current
    values = { id = "us-east-1", name = "us-east-1" }
  }
  variables {
    base = {
      name                      = "production"
      prefix                    = "iam-key-rotation"
      table_name                = "iam-key-rotation"
      table_arn                 = "arn:aws:dynamodb:us-east-1:111122223333:table/iam-key-rotation"
      role_path                 = "/"
      log_retention_days        = 365
      function_runtime          = "nodejs22.x"
      function_architecture     = "arm64"
      on_leak                   = "notify"
      notification_function_arn = "arn:aws:lambda:us-east-1:111122223333:function:iam-key-rotation-notify"
    }
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.leak-events) == 0 && length(aws_cloudwatch_event_rule.leak-events-backup) == 1
    error_message = "An event would go round in circles, or Health's second region is not heard."
  }
}

run "needs_no_other_region_in_a_partition_where_all_is_reported_in_that_of_the_base" {
  command = plan
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
  override_data {
    target = data.aws_region.current
    values = { id = "cn-north-1", name = "cn-north-1" }
  }
  override_data {
    target = data.aws_region.iam_events
    values = { id = "cn-north-1", name = "cn-north-1" }
  }
  override_data {
    target = data.aws_region.health_backup
    values = { id = "cn-north-1", name = "cn-north-1" }
  }
  variables {
    base = {
      name                      = "production"
      prefix                    = "iam-key-rotation"
      table_name                = "iam-key-rotation"
      table_arn                 = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/iam-key-rotation"
      role_path                 = "/"
      log_retention_days        = 365
      function_runtime          = "nodejs22.x"
      function_architecture     = "arm64"
      on_leak                   = "notify"
      notification_function_arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:iam-key-rotation-notify"
    }
  }
  assert {
    condition     = length(aws_iam_role.leak-events) + length(aws_cloudwatch_event_rule.leak-events) + length(aws_cloudwatch_event_rule.leak-events-backup) == 0
    error_message = "Something is brought from a region of another partition, or in circles."
  }
}

run "refuses_another_region_in_place_of_that_of_iam" {
  command = plan
  override_data {
    target = data.aws_region.iam_events
    values = { id = "eu-central-1", name = "eu-central-1" }
  }
  expect_failures = [aws_cloudwatch_event_rule.leak-health]
}

run "refuses_another_region_in_place_of_the_second_one_of_health" {
  command = plan
  override_data {
    target = data.aws_region.health_backup
    values = { id = "us-east-1", name = "us-east-1" }
  }
  expect_failures = [aws_cloudwatch_event_rule.leak-health]
}

run "refuses_a_provider_of_another_account" {
  command = plan
  override_data {
    target = data.aws_caller_identity.iam_events
    values = { account_id = "444455556666" }
  }
  expect_failures = [aws_cloudwatch_event_rule.leak-health]
}

run "refuses_a_base_of_another_region" {
  command = plan
  override_data {
    target = data.aws_region.current
    values = { id = "eu-central-1", name = "eu-central-1" }
  }
  expect_failures = [var.base]
}
