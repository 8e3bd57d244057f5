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
  description = "Managed policies to attach to the user, known when Terraform plans; `policy_arns_by_name` takes others, too."
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.policy_arns :
      can(regex("^arn:aws(-[a-z]+)*:iam::([0-9]{12}|aws):policy/[0-9A-Za-z_+=,.@/-]{1,640}$", arn))
    ])
    error_message = "A policy is named by the ARN of a managed policy. Write: policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]."
  }
}

variable "policy_arns_by_name" {
  type        = map(string)
  description = "More managed policies to attach to the user, such as those that the same apply makes: each under a name of your choice, `{ mail = aws_iam_policy.mail.arn }`. The names are known when Terraform plans."
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.policy_arns) + length(var.policy_arns_by_name) <= 20
    error_message = "IAM attaches up to 20 managed policies to a user. Put more into inline_policies."
  }

  validation {
    condition = alltrue([
      for arn in values(var.policy_arns_by_name) :
      can(regex("^arn:aws(-[a-z]+)*:iam::([0-9]{12}|aws):policy/[0-9A-Za-z_+=,.@/-]{1,640}$", arn))
    ])
    error_message = "A policy is named by the ARN of a managed policy. Write: policy_arns_by_name = { mail = aws_iam_policy.mail.arn }."
  }
}

# The limits of these two are those of modules/aws/aws-values.ts; a test compares them.
variable "inline_policies" {
  type        = map(string)
  description = "Policies that the user alone has, by name: policy documents as JSON, such as `jsonencode` or `aws_iam_policy_document` makes them. Together they have up to 2,048 characters. The names are known when Terraform plans."
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name in keys(var.inline_policies) :
      can(regex("^[0-9A-Za-z_+=,.@-]{1,128}$", name)) && lower(name) != "iam-key-rotation-self-renewal"
    ])
    error_message = "An inline policy's name has 1 to 128 letters, digits and +=,.@_-, and is not iam-key-rotation-self-renewal, which the module writes itself. Write: inline_policies = { read-reports = data.aws_iam_policy_document.reports.json }."
  }

  validation {
    condition     = length(distinct([for name in keys(var.inline_policies) : lower(name)])) == length(var.inline_policies)
    error_message = "IAM takes names of policies that differ only in case for the same. Keep one of them."
  }

  validation {
    condition     = alltrue([for document in values(var.inline_policies) : can(jsondecode(document).Statement)])
    error_message = "An inline policy is a policy document of IAM as JSON, with Statement. Write: inline_policies = { read-reports = data.aws_iam_policy_document.reports.json }."
  }

  validation {
    condition = (
      length(join("", [for document in values(var.inline_policies) : replace(document, "/\\s/", "")]))
      <= 2048 - (var.self_renewal && length(var.inline_policies) > 0 ? 1000 : 0)
    )
    error_message = "IAM takes 2,048 characters for all inline policies of a user, of which self_renewal needs up to 1,000. Write shorter policies, or attach a managed one."
  }
}

variable "groups" {
  type        = list(string)
  description = "Names of IAM groups that the user is put into. Others that it is in stay as they are. How many there are is known when Terraform plans."
  default     = []
  nullable    = false

  validation {
    condition = (
      length(var.groups) <= 10 &&
      alltrue([for name in var.groups : can(regex("^[0-9A-Za-z_+=,.@-]{1,128}$", name))])
    )
    error_message = "A user is in up to 10 groups, named by their names. Write: groups = [\"mailers\"]."
  }

  validation {
    condition     = length(distinct([for name in var.groups : lower(name)])) == length(var.groups)
    error_message = "A group stands only once in groups; upper and lower case are the same to AWS. Write one of the two."
  }
}

locals {
  # Of a policy without a name the ARN is its name.
  attached_policies      = merge({ for arn in var.policy_arns : arn => arn }, var.policy_arns_by_name)
  group_membership_count = length(var.groups) == 0 ? 0 : 1

  # Also without a customer key, where the policy is for an alias and grants nothing: whether there is one may not be known yet.
  self_renewal_policy_count = var.self_renewal ? 1 : 0

  user_arn = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:user${var.path}${local.user_name}"
}

output "user_name" {
  description = "The IAM user's name: to attach policies of your own to."
  value       = aws_iam_user.user.name
}
