# The build copies this file to rotated-existing-user, too. What differs is in user.tf.

output "secret_arn" {
  description = "The secret that holds the current key."
  value       = aws_secretsmanager_secret.user.arn
}

output "user_arn" {
  description = "The IAM user's ARN."
  value       = local.user_arn
}

output "function_name" {
  description = "The function that rotates the keys."
  value       = "${var.base.prefix}-${var.name}"
}

output "schedule" {
  description = "When Secrets Manager rotates, in UTC."
  value       = local.schedule
}
