variable "name" {
  type        = string
  description = "The name of this set of users, in a tag of each: the retirement function may touch the users with this tag and no others. Two sets of one account differ in it."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,127}$", var.name))
    error_message = "A name begins with a letter or _ and has letters, digits, _ and -. Write: name = \"production\"."
  }
}

variable "prefix" {
  type        = string
  description = "What all names on AWS begin with. Two sets of one account differ in it, also in two regions."
  default     = "iam-key-rotation"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{2,47}$", var.prefix))
    error_message = "A prefix begins with a letter and has 3 to 48 letters, digits, _ and -. Write: prefix = \"iam-key-rotation\"."
  }
}

variable "secret_prefix" {
  type        = string
  description = "What the names of the secrets begin with, `<secret_prefix>/<name>`; without it the prefix. It may have slashes, where your organisation prescribes names. Two sets of one account differ in it, and none begins with that of another. Another one makes other secrets: never change it while there are users."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.secret_prefix == null ||
      can(regex("^[0-9A-Za-z_+=.@-]+(/[0-9A-Za-z_+=.@-]+)*$", var.secret_prefix)) && try(length(var.secret_prefix) >= 3 && length(var.secret_prefix) <= 100, false)
    )
    error_message = "A prefix of secrets has 3 to 100 letters, digits and _+=.@-, in parts that single slashes separate. Write: secret_prefix = \"prod/payments\"."
  }
}

variable "retirement" {
  type        = string
  description = "`report`: the retirement function decides and reports, and changes nothing. `act`: it retires previous keys."
  default     = "act"
  nullable    = false

  validation {
    condition     = contains(["act", "report"], var.retirement)
    error_message = "retirement is act or report. Write: retirement = \"act\"."
  }
}

variable "maximum_deletions_per_run" {
  type        = number
  description = "How many keys one run of the retirement function, every hour, deletes at most."
  default     = 25
  nullable    = false

  validation {
    condition = (
      var.maximum_deletions_per_run >= 1 &&
      var.maximum_deletions_per_run <= 5000 &&
      floor(var.maximum_deletions_per_run) == var.maximum_deletions_per_run
    )
    error_message = "maximum_deletions_per_run is a whole number, 1 to 5000. Write: maximum_deletions_per_run = 25."
  }
}

variable "metrics_per_user" {
  type        = bool
  description = "Metrics of each user beside those of the whole set, which CloudWatch bills one by one."
  default     = false
  nullable    = false
}

variable "alert_emails" {
  type        = set(string)
  description = "Addresses that get every message, once their owners have confirmed it. Known when Terraform plans."
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for email in var.alert_emails :
      can(regex("^[^\\s\\p{C}\\p{Zl}\\p{Zp}@<>(),;:\"\\[\\]\\\\]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$", email))
    ])
    error_message = "An address is written as in alert_emails = [\"oncall@example.com\"]."
  }
}

variable "alert_topic_arns" {
  type        = list(string)
  description = "Standard SNS topics that were there already, in the provider's region, to send every message to. To the output `alerts_topic_arn` you can also subscribe what you have."
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.alert_topic_arns :
      can(regex("^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))
    ])
    error_message = "A topic is named by its ARN, and is no FIFO topic. Write: alert_topic_arns = [\"arn:aws:sns:eu-west-1:111122223333:oncall\"]."
  }

  validation {
    condition = alltrue([
      for arn in var.alert_topic_arns :
      try(split(":", arn)[3], "") == data.aws_region.current.id
    ])
    error_message = "Messages are sent to topics of the provider's region only."
  }
}

variable "alert_format" {
  type        = string
  description = "`chat`: who subscribes to a topic by https, as Amazon Q Developer in chat applications does (Slack, Microsoft Teams), gets messages that chat shows. E-mails and all other subscriptions stay as they are. `text`: the same text for all."
  default     = "text"
  nullable    = false

  validation {
    condition     = contains(["text", "chat"], var.alert_format)
    error_message = "alert_format is \"text\" or \"chat\"."
  }
}

variable "alert_kms_key_arn" {
  type        = string
  description = "The customer key that encrypts the base's own topic; without it the account's `aws/sns`."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.alert_kms_key_arn == null ||
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/", var.alert_kms_key_arn))
    )
    error_message = "A key is named by its ARN, not by an alias, because policies take no alias."
  }
}

variable "runbook_url" {
  type        = string
  description = "The address of `docs/runbook.md` where your people read it; alarms and messages name its sections."
  default     = "docs/runbook.md"
  nullable    = false

  validation {
    condition     = can(regex("^[!-~]{1,200}$", var.runbook_url))
    error_message = "An address has 1 to 200 characters without spaces. Write: runbook_url = \"https://wiki.example.com/runbook\"."
  }
}

variable "per_function_alarms" {
  type        = bool
  description = "Two alarms for the rotation function of each user, which also see what it cannot count itself: crashes, time-outs, throttling. `false`: one alarm for all of them."
  default     = true
  nullable    = false
}

variable "trail_exists" {
  type        = bool
  description = "Whether a CloudTrail trail logs the management events of the provider's region: only then do Secrets Manager's own reports of failed rotations reach anybody."
  default     = false
  nullable    = false
}

variable "dashboard" {
  type        = bool
  description = "A CloudWatch dashboard that says at one look whether all is well."
  default     = true
  nullable    = false
}

variable "on_leak" {
  type        = string
  description = "What happens when AWS reports a leaked key: `notify` people, or `replace` the key of a rotated user besides. Nothing hears it without a call of `leak-response`."
  default     = "notify"
  nullable    = false

  validation {
    condition     = contains(["notify", "replace"], var.on_leak)
    error_message = "on_leak is notify or replace. Write: on_leak = \"replace\"."
  }
}

variable "delivers" {
  type        = bool
  description = "Whether a user of this base has `deliver`: previous keys are then kept while a target may hold them, and the dashboard shows deliveries. Call the module `key-delivery`, too."
  default     = false
  nullable    = false
}

variable "protection" {
  type        = bool
  description = "`false` lifts the guard against removing a user unannounced, and the table's deletion protection: for sets that are thrown away."
  default     = true
  nullable    = false
}

variable "role_path" {
  type        = string
  description = "The IAM path of the functions' roles."
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/$|^/[!-~]{1,510}/$", var.role_path))
    error_message = "A path begins and ends with a slash. Write: role_path = \"/service/\"."
  }
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The permissions boundary of the functions' roles."
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

variable "log_retention_days" {
  type        = number
  description = "How long the functions' logs are kept."
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of the numbers that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. Write: log_retention_days = 365."
  }
}

variable "log_kms_key_arn" {
  type        = string
  description = "The customer key that encrypts the logs; without it CloudWatch Logs' own."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.log_kms_key_arn == null ||
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/", var.log_kms_key_arn))
    )
    error_message = "A key is named by its ARN, not by an alias, because policies take no alias."
  }
}

# The values and defaults of these two are those of modules/node-function/lambda-runtime.ts; a test compares them.
variable "function_runtime" {
  type        = string
  description = "What the functions run on: `nodejs22.x`, or `nodejs24.x`, which needs version 6.21.0 of the AWS provider, or a newer one."
  default     = "nodejs22.x"
  nullable    = false

  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x"], var.function_runtime)
    error_message = "function_runtime is nodejs22.x or nodejs24.x. Write: function_runtime = \"nodejs22.x\"."
  }
}

variable "function_architecture" {
  type        = string
  description = "The processors that the functions run on: `arm64`, or `x86_64` in a region that does not offer the first."
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.function_architecture)
    error_message = "function_architecture is arm64 or x86_64. Write: function_architecture = \"arm64\"."
  }
}

# The limits are those of modules/aws/aws-values.ts; a test compares them.
variable "vpc" {
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  description = "The VPC that all functions run in: subnets with a way to the services that the functions call, and security groups that let HTTPS out. See `docs/vpc.md`. Without it they run outside of any VPC of yours."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.vpc == null ||
      try(
        length(var.vpc.subnet_ids) >= 1 && length(var.vpc.subnet_ids) <= 16 &&
        alltrue([for id in var.vpc.subnet_ids : can(regex("^subnet-([0-9a-f]{8}|[0-9a-f]{17})$", id))]),
        false
      )
    )
    error_message = "Functions run in 1 to 16 subnets, named by their ids. Write: vpc = { subnet_ids = [\"subnet-0123456789abcdef0\"], security_group_ids = [\"sg-0123456789abcdef0\"] }."
  }

  validation {
    condition = (
      var.vpc == null ||
      try(
        length(var.vpc.security_group_ids) >= 1 && length(var.vpc.security_group_ids) <= 5 &&
        alltrue([for id in var.vpc.security_group_ids : can(regex("^sg-([0-9a-f]{8}|[0-9a-f]{17})$", id))]),
        false
      )
    )
    error_message = "Functions have 1 to 5 security groups, named by their ids. Write: security_group_ids = [\"sg-0123456789abcdef0\"]."
  }
}
