# What main.tf.json, which is generated, takes from the variables.
locals {
  # As an alias, as which AWS's own key is named, a key's permission grants nothing, and nothing is needed for it.
  alert_policy_kms_key_arn = coalesce(
    var.alert_kms_key_arn,
    "arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:alias/aws/sns",
  )
  alert_topic_kms_key = coalesce(var.alert_kms_key_arn, "alias/aws/sns")

  secret_prefix        = coalesce(var.secret_prefix, var.prefix)
  place_of_secrets     = local.secret_prefix == var.prefix ? "" : ", with secrets under ${local.secret_prefix}"
  metrics_per          = var.metrics_per_user ? "user" : "stack"
  shared_alarm_count   = var.per_function_alarms ? 0 : 1
  dashboard_count      = var.dashboard ? 1 : 0
  service_events_state = var.trail_exists ? "ENABLED" : "DISABLED"
}

# Whoever uses the base waits until all of it is there, and is destroyed before any of it: every output depends on these.
# The build fails where a resource is missing.
locals {
  parts = [
    aws_cloudwatch_dashboard.dashboard,
    aws_cloudwatch_event_rule.notify-alarms,
    aws_cloudwatch_event_rule.notify-aws,
    aws_cloudwatch_event_rule.notify-events,
    aws_cloudwatch_event_target.notify-alarms,
    aws_cloudwatch_event_target.notify-aws,
    aws_cloudwatch_event_target.notify-events,
    aws_cloudwatch_log_group.notify,
    aws_cloudwatch_log_group.retire,
    aws_cloudwatch_metric_alarm.dead-letters,
    aws_cloudwatch_metric_alarm.deletion-cap-reached,
    aws_cloudwatch_metric_alarm.function-throttled,
    aws_cloudwatch_metric_alarm.held-past-maximum-age,
    aws_cloudwatch_metric_alarm.key-past-maximum-age,
    aws_cloudwatch_metric_alarm.notifications-failed,
    aws_cloudwatch_metric_alarm.rotation-failed,
    aws_cloudwatch_metric_alarm.rotation-overdue,
    aws_cloudwatch_metric_alarm.rotation-stuck,
    aws_cloudwatch_metric_alarm.sweep-failed,
    aws_cloudwatch_metric_alarm.sweep-not-running,
    aws_cloudwatch_metric_alarm.unmanaged-key,
    aws_cloudwatch_metric_alarm.visit-failed,
    aws_dynamodb_table.journal,
    aws_iam_role.notify,
    aws_iam_role.retire,
    aws_iam_role.retire-schedule,
    aws_iam_role_policy.notify,
    aws_iam_role_policy.retire,
    aws_iam_role_policy.retire-schedule,
    aws_lambda_function.notify,
    aws_lambda_function.retire,
    aws_lambda_function_event_invoke_config.notify,
    aws_lambda_function_event_invoke_config.retire,
    aws_lambda_permission.notify-alarms,
    aws_lambda_permission.notify-aws,
    aws_lambda_permission.notify-events,
    aws_scheduler_schedule.retire,
    aws_sns_topic.alerts,
    aws_sns_topic_subscription.alerts-email,
    aws_sqs_queue.notify-failed,
    aws_sqs_queue.retire-failed,
    terraform_data.notify_role,
    terraform_data.place,
    terraform_data.retire_role,
  ]
}
