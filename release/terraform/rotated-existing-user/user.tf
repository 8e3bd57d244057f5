# A user that is there already. The rule of `user_name` and its output are in rotated-user/user.tf, too; every other variable,
# local and output is in the files that the build copies from rotated-user.

variable "user_name" {
  type        = string
  description = "The IAM user's name; without it the stable key."
  default     = null
  nullable    = true

  validation {
    condition     = var.user_name == null || can(regex("^[0-9A-Za-z_+=,.@-]{1,64}$", var.user_name))
    error_message = "An IAM user name has 1 to 64 letters, digits and +=,.@_-. Write: user_name = \"legacy.mailer\"."
  }
}

locals {
  # The retirement function may touch the users that carry the tag, and no others. A condition of the settings and not of the
  # data source: one with conditions is read anew while anything that they name changes, and then all that the user's id
  # is in would be planned as a change.
  carries_tag = lookup(data.aws_iam_user.user.tags, "iam-key-rotation:stack", "") == var.base.name
  tag_missing = "The retirement function of a base touches only users with its tag. Give the IAM user the tag iam-key-rotation:stack = \"${var.base.name}\" where it is made, then plan again."

  user_arn = data.aws_iam_user.user.arn
}

output "user_name" {
  description = "The IAM user's name: to attach policies of your own to."
  value       = data.aws_iam_user.user.user_name
}
