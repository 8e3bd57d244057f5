output "on_leak" {
  description = "What is done about a leak: the variable `on_leak` of the base."
  value       = var.base.on_leak
}

output "function_name" {
  description = "The function that replaces leaked keys; null where people are only notified."
  value       = one(aws_lambda_function.respond[*].function_name)
}

output "function_arn" {
  description = "The ARN of the function; null where there is none."
  value       = one(aws_lambda_function.respond[*].arn)
}

output "role_arn" {
  description = "The role of the function; null where there is none."
  value       = one(aws_iam_role.respond[*].arn)
}

output "log_group_name" {
  description = "The log of the function; null where there is none."
  value       = one(aws_cloudwatch_log_group.respond[*].name)
}
