# What ends in "for the rotated users." is handed on to them as `base`, one by one and not as one object: so a base with a state of its
# own keeps working when a new one is added. The README of the module names them together.

output "table_name" {
  description = "The table with the settings and journals."
  value       = aws_dynamodb_table.journal.name
  depends_on  = [local.parts]
}

output "table_arn" {
  description = "The ARN of the table."
  value       = aws_dynamodb_table.journal.arn
  depends_on  = [local.parts]
}

output "retirement_function_name" {
  description = "The function that retires previous keys."
  value       = "${var.prefix}-retire"
  depends_on  = [local.parts]
}

output "retirement_failures_url" {
  description = "The queue of the runs of it that failed."
  value       = aws_sqs_queue.retire-failed.url
  depends_on  = [local.parts]
}

output "alerts_topic_arn" {
  description = "The topic with what people are told."
  value       = aws_sns_topic.alerts.arn
  depends_on  = [local.parts]
}

output "name" {
  description = "The variable `name`, for the rotated users."
  value       = var.name
  depends_on  = [local.parts]
}

output "prefix" {
  description = "The variable `prefix`, for the rotated users."
  value       = var.prefix
  depends_on  = [local.parts]
}

output "secret_prefix" {
  description = "What the names of the secrets begin with, for the rotated users."
  value       = local.secret_prefix
  depends_on  = [local.parts]
}

output "protection" {
  description = "The variable `protection`, for the rotated users."
  value       = var.protection
  depends_on  = [local.parts]
}

output "role_path" {
  description = "The variable `role_path`, for the rotated users."
  value       = var.role_path
  depends_on  = [local.parts]
}

output "permissions_boundary_arn" {
  description = "The variable `permissions_boundary_arn`, for the rotated users."
  value       = var.permissions_boundary_arn
  depends_on  = [local.parts]
}

output "log_retention_days" {
  description = "The variable `log_retention_days`, for the rotated users."
  value       = var.log_retention_days
  depends_on  = [local.parts]
}

output "log_kms_key_arn" {
  description = "The variable `log_kms_key_arn`, for the rotated users."
  value       = var.log_kms_key_arn
  depends_on  = [local.parts]
}

output "per_function_alarms" {
  description = "The variable `per_function_alarms`, for the rotated users."
  value       = var.per_function_alarms
  depends_on  = [local.parts]
}

output "runbook_url" {
  description = "The variable `runbook_url`, for the rotated users."
  value       = var.runbook_url
  depends_on  = [local.parts]
}

output "delivers" {
  description = "The variable `delivers`, for the rotated users."
  value       = var.delivers
  depends_on  = [local.parts]
}

output "on_leak" {
  description = "The variable `on_leak`, for the rotated users."
  value       = var.on_leak
  depends_on  = [local.parts]
}

output "notification_function_arn" {
  description = "The ARN of the function that notifies people, for the rotated users."
  value       = aws_lambda_function.notify.arn
  depends_on  = [local.parts]
}

output "function_runtime" {
  description = "The variable `function_runtime`, for the rotated users."
  value       = var.function_runtime
  depends_on  = [local.parts]
}

output "function_architecture" {
  description = "The variable `function_architecture`, for the rotated users."
  value       = var.function_architecture
  depends_on  = [local.parts]
}

output "vpc" {
  description = "The variable `vpc`, for the rotated users."
  value       = var.vpc
  depends_on  = [local.parts]
}
