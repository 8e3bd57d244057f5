# Deploys an ECS service anew whenever its rotated user has another current key.
#
# EventBridge cannot call ECS UpdateService by itself, so the rule starts a state machine of one step. A deployment that
# is asked for twice is one more deployment, so an event that comes twice does no harm.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

variable "stack" {
  description = "The prefix of the stack in rotation.yaml."
  type        = string
  default     = "iam-key-rotation"
}

variable "user" {
  description = "The user's name in rotation.yaml."
  type        = string
}

variable "service_arn" {
  description = "The ECS service to deploy anew, as in arn:aws:ecs:eu-west-1:111122223333:service/web/api."
  type        = string

  validation {
    condition     = can(regex("^arn:[^:]+:ecs:[^:]+:[0-9]+:service/[^/]+/[^/]+$", var.service_arn))
    error_message = "The ARN of a service names its cluster: arn:aws:ecs:<region>:<account>:service/<cluster>/<service>."
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  cluster = split("/", var.service_arn)[1]
  service = split("/", var.service_arn)[2]
  name    = "restart-${local.cluster}-${local.service}"
}

resource "aws_cloudwatch_event_rule" "key_changed" {
  name        = local.name
  description = "The current key of ${var.user} is another one."
  event_pattern = jsonencode({
    # Others may put events of this source, too.
    account       = [data.aws_caller_identity.current.account_id]
    source        = ["iam-key-rotation"]
    "detail-type" = ["Key Promoted", "Key Rolled Back"]
    detail = {
      version = ["1"]
      stack   = [var.stack]
      user    = [var.user]
    }
  })
}

resource "aws_cloudwatch_event_target" "restart" {
  rule     = aws_cloudwatch_event_rule.key_changed.name
  arn      = aws_sfn_state_machine.restart.arn
  role_arn = aws_iam_role.start.arn
}

resource "aws_sfn_state_machine" "restart" {
  name     = local.name
  role_arn = aws_iam_role.restart.arn
  definition = jsonencode({
    StartAt = "Deploy"
    States = {
      Deploy = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:ecs:updateService"
        Parameters = {
          Cluster            = local.cluster
          Service            = local.service
          ForceNewDeployment = true
        }
        # The answer describes the whole service, and nothing needs it.
        ResultPath = null
        Retry      = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 10, MaxAttempts = 5, BackoffRate = 2 }]
        End        = true
      }
    }
  })
}

resource "aws_iam_role" "start" {
  name = "${local.name}-start"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.key_changed.arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "start" {
  name = local.name
  role = aws_iam_role.start.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "states:StartExecution"
      Resource = aws_sfn_state_machine.restart.arn
    }]
  })
}

resource "aws_iam_role" "restart" {
  name = local.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "restart" {
  name = local.name
  role = aws_iam_role.restart.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ecs:UpdateService"
      Resource = var.service_arn
    }]
  })
}

output "event_pattern" {
  description = "What the rule reacts to."
  value       = aws_cloudwatch_event_rule.key_changed.event_pattern
}
