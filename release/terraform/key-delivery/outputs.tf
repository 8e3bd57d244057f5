output "function_name" {
  description = "The function that delivers current keys to targets. Invoke it with `{\"deliver\":\"all\"}` to have it run at once."
  value       = "${var.base.prefix}-deliver"
}

output "function_arn" {
  description = "The ARN of the function."
  value       = aws_lambda_function.deliver.arn
}

output "role_arn" {
  description = "The role of the function: policies of targets, and of their customer keys, have to let it in where they name who may."
  value       = aws_iam_role.deliver.arn
}

output "queue_url" {
  description = "The queue of the runs and events of it that failed."
  value       = aws_sqs_queue.deliver-failed.url
}

output "queue_name" {
  description = "The name of the queue, for alarms of your own on `ApproximateNumberOfMessagesVisible`."
  value       = aws_sqs_queue.deliver-failed.name
}

output "log_group_name" {
  description = "The log of the function."
  value       = aws_cloudwatch_log_group.deliver.name
}
