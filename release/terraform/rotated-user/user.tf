# A user that the module makes. The rule of `user_name` and its output are in rotated-existing-user/user.tf, too.

variable "user_name" {
  type        = string
  description = "The IAM user's name; without it the stable key. A change renames the user."
  default     = null
  nullable    = true

  validation {
    condition     = var.user_name == null || can(regex("^[0-9A-Za-z_+=,.@-]{1,64}$", var.user_name))
    error_message = "An IAM user name has 1 to 64 letters, digits and +=,.@_-. Write: user_name = \"legacy.mailer\"."
  }
}

variable "path" {
  type        = string
  description = "The IAM user's path."
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/$|^/[!-~]{1,510}/$", var.path))
    error_message = "A path begins and ends with a slash. Write: path = \"/service/\"."
  }
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The IAM user's permissions boundary."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.permissions_boundary_arn == null ||
      can(regex("^arn:aws(-[a-z]+)*:iam::([0-9]{12}|aws):policy/[0-9A-Za-z_+=,.@/-]{1,640}$", var.permissions_boundary_arn))
    )
    error_message = "A boundary is the ARN of a managed policy. Write: permissions_boundary_arn = \"arn:aws:iam::111122223333:policy/boundary\"."
  }
}

variable "policy_arns" {
  type        = set(string)
  description = "Managed policies to attach to the user, known when Terraform plans."
  default     = []
  nullable    = false

  validation {
    condition     = length(var.policy_arns) <= 20
    error_message = "IAM attaches up to 20 managed policies to a user. Put more into an inline policy of your own."
  }

  validation {
    condition = alltrue([
      for arn in var.policy_arns :
      can(regex("^arn:aws(-[a-z]+)*:iam::([0-9]{12}|aws):policy/[0-9A-Za-z_+=,.@/-]{1,640}$", arn))
    ])
    error_message = "A policy is named by the ARN of a managed policy. Write: policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]."
  }
}

locals {
  # Also without a customer key, where the policy is for an alias and grants nothing: whether there is one may not be known yet.
  self_renewal_policy_count = var.self_renewal ? 1 : 0

  user_arn = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:user${var.path}${local.user_name}"
}

output "user_name" {
  description = "The IAM user's name: to attach policies of your own to."
  value       = aws_iam_user.user.name
}
