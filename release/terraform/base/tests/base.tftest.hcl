# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {
  # The check of the functions' code has to be known when Terraform plans: an empty date passes it.
  mock_resource "aws_lambda_function" {
    override_during = plan
    defaults = {
      arn           = "arn:aws:lambda:eu-west-1:111122223333:function:any"
      last_modified = ""
      code_sha256   = ""
    }
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

run "has_alarms_and_a_topic_that_people_can_subscribe_to" {
  command = plan

  variables {
    alert_emails = ["oncall@example.com"]
    runbook_url  = "https://wiki.example.com/runbook"
  }

  assert {
    condition     = aws_sns_topic.alerts.kms_master_key_id == "alias/aws/sns" && aws_sns_topic_subscription.alerts-email["oncall@example.com"].protocol == "email"
    error_message = "Nobody would be told."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.sweep-not-running.treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.sweep-not-running.dimensions["Stack"] == "iam-key-rotation"
    error_message = "Nobody would hear that the retirement function does not run."
  }
  assert {
    condition     = endswith(aws_cloudwatch_metric_alarm.unmanaged-key.alarm_description, "Runbook: https://wiki.example.com/runbook#unmanaged-key")
    error_message = "The alarm names no section of the runbook."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.rotation-failed) == 0 && length(aws_cloudwatch_dashboard.dashboard) == 1
    error_message = "There is an alarm too many, or no dashboard."
  }
  assert {
    condition     = aws_cloudwatch_event_rule.notify-aws.state == "DISABLED"
    error_message = "Secrets Manager's own events come through a trail only."
  }
}

run "tells_topics_that_were_there_already_and_hears_a_trail" {
  command = plan

  override_resource {
    target          = aws_sns_topic.alerts
    override_during = plan
    values          = { arn = "arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts" }
  }
  variables {
    alert_topic_arns    = ["arn:aws:sns:eu-west-1:111122223333:oncall"]
    alert_format        = "chat"
    per_function_alarms = false
    trail_exists        = true
    dashboard           = false
  }

  assert {
    condition     = aws_lambda_function.notify.environment[0].variables.TOPIC_ARNS == "arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts,arn:aws:sns:eu-west-1:111122223333:oncall"
    error_message = "A topic is not told."
  }
  assert {
    condition     = aws_lambda_function.notify.environment[0].variables.FORMAT == "chat"
    error_message = "Chat is told what it does not show."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.notifications-failed.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:oncall"])
    error_message = "Nobody would hear that notifications fail."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.rotation-failed) == 1 && length(aws_cloudwatch_dashboard.dashboard) == 0
    error_message = "There is no alarm for the functions, or a dashboard that nobody asked for."
  }
  assert {
    condition     = aws_cloudwatch_event_rule.notify-aws.state == "ENABLED"
    error_message = "Secrets Manager's own events reach nobody."
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

run "runs_on_the_processors_that_it_is_told" {
  command = plan

  variables {
    function_architecture = "x86_64"
  }

  assert {
    condition     = alltrue([for function in [aws_lambda_function.retire, aws_lambda_function.notify] : function.architectures == tolist(["x86_64"]) && function.runtime == "nodejs22.x"])
    error_message = "A function runs on something else."
  }
}

run "runs_in_a_vpc_and_calls_secrets_as_it_is_told" {
  command = plan

  variables {
    vpc           = { subnet_ids = ["subnet-0123456789abcdef0"], security_group_ids = ["sg-0123456789abcdef0"] }
    secret_prefix = "prod/payments"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.retire, aws_lambda_function.notify] :
      function.vpc_config[0].subnet_ids == toset(["subnet-0123456789abcdef0"])
    ])
    error_message = "A function runs elsewhere."
  }
  assert {
    condition     = aws_lambda_function.notify.environment[0].variables.SECRET_NAME_PREFIX == "prod/payments"
    error_message = "Secrets are looked for under another name."
  }
}

run "runs_outside_of_a_vpc_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_lambda_function.notify.vpc_config) == 0 && length(aws_lambda_function.retire.vpc_config) == 0
    error_message = "Something was made that nobody asked for."
  }
}

run "refuses_topics_of_another_region" {
  command = plan
  variables {
    alert_topic_arns = ["arn:aws:sns:us-east-1:111122223333:oncall"]
  }
  expect_failures = [var.alert_topic_arns]
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
    alert_emails              = ["oncall"]
    alert_topic_arns          = ["oncall"]
    alert_format              = "slack"
    alert_kms_key_arn         = "arn:aws:kms:eu-west-1:111122223333:alias/mine"
    runbook_url               = "two words"
    function_runtime          = "nodejs18.x"
    function_architecture     = "arm"
    permissions_boundary_arn  = "boundary"
    log_kms_key_arn           = "alias/mine"
    secret_prefix             = "/prod//payments/"
    vpc                       = { subnet_ids = ["10.0.0.0/24"], security_group_ids = [] }
  }

  expect_failures = [
    var.name, var.prefix, var.retirement, var.maximum_deletions_per_run, var.role_path, var.log_retention_days,
    var.alert_emails, var.alert_topic_arns, var.alert_format, var.alert_kms_key_arn, var.runbook_url,
    var.function_runtime, var.function_architecture, var.permissions_boundary_arn, var.log_kms_key_arn,
    var.secret_prefix, var.vpc
  ]
}

run "looks_at_what_targets_hold_and_shows_deliveries_if_it_is_told" {
  command = plan

  override_resource {
    target          = aws_dynamodb_table.journal
    override_during = plan
    values          = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.retire
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-retire" }
  }
  override_resource {
    target          = aws_cloudwatch_metric_alarm.unmanaged-key
    override_during = plan
    values          = { arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:any" }
  }
  variables {
    delivers = true
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.retire.policy).Statement : statement if statement.Sid == "Deliveries"
    ]).Condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["delivery#*"]
    error_message = "The retirement function could not see what targets hold."
  }
  assert {
    condition     = output.delivers
    error_message = "The modules of the users are not told."
  }
}

run "looks_at_no_deliveries_unless_asked" {
  command = plan

  override_resource {
    target          = aws_dynamodb_table.journal
    override_during = plan
    values          = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.retire
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-retire" }
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.retire.policy, "delivery#")
    error_message = "The retirement function may do more than it has to."
  }
}

run "looks_for_no_quarantine_where_people_are_only_notified_of_a_leak" {
  command = plan

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
    condition     = aws_lambda_function.retire.environment[0].variables.QUARANTINE == "ignored" && !strcontains(aws_iam_role_policy.retire.policy, "iam:ListAttachedUserPolicies")
    error_message = "The retirement function may look at policies of users, for nothing."
  }
  assert {
    condition     = output.on_leak == "notify"
    error_message = "What happens without a word is not that people are notified."
  }
}

run "looks_whether_the_quarantine_is_over_where_leaked_keys_are_replaced" {
  command = plan

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
  variables {
    on_leak = "replace"
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.retire.policy).Statement : statement if statement.Sid == "Quarantine"
      ]) == {
      Sid       = "Quarantine"
      Effect    = "Allow"
      Action    = ["iam:ListAttachedUserPolicies"]
      Resource  = ["arn:aws:iam::111122223333:user/*"]
      Condition = { StringEquals = { "aws:ResourceTag/iam-key-rotation:stack" = "production" } }
    }
    error_message = "It may not look, or may look at users of other sets: ${aws_iam_role_policy.retire.policy}"
  }
  assert {
    condition     = aws_lambda_function.retire.environment[0].variables.QUARANTINE == "looked-at"
    error_message = "Nobody would hear that the quarantine is over."
  }
}

run "refuses_another_answer_to_a_leak" {
  command = plan
  variables {
    on_leak = "delete"
  }
  expect_failures = [var.on_leak]
}
