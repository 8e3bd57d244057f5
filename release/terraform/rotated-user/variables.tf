# The variables of every rotated user: the build copies this file to rotated-existing-user, too. What differs is in user.tf.

# What may be null is optional: Terraform keeps no output that is null, so a `base` with a state of its own has no such attribute.
variable "base" {
  type = object({
    name                     = string
    prefix                   = string
    table_name               = string
    table_arn                = string
    protection               = bool
    role_path                = string
    permissions_boundary_arn = optional(string)
    log_retention_days       = number
    log_kms_key_arn          = optional(string)
    per_function_alarms      = bool
    runbook_url              = string
    function_runtime         = string
    function_architecture    = string
    secret_prefix            = optional(string)
    vpc                      = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
    delivers                 = optional(bool)
    on_leak                  = optional(string)
  })
  description = "The module `base` of the same account and region: `base = module.base`; where it has a state of its own, all its outputs."
  nullable    = false

  validation {
    condition = (
      split(":", var.base.table_arn)[3] == data.aws_region.current.id &&
      split(":", var.base.table_arn)[4] == data.aws_caller_identity.current.account_id
    )
    error_message = "The base is in another region or account than the provider of this module. Give both the same provider."
  }
}

variable "name" {
  type        = string
  description = "The stable key: the secret is called `<prefix>/<name>`, with the `secret_prefix` of the base if it has one (`<prefix>/<name>/key` if the name ends in a hyphen and six characters), the function and its role `<prefix>-<name>`. Another one makes another secret."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_-]*$", var.name))
    error_message = "A stable key begins with a letter or _ and has letters, digits, _ and -. Write: name = \"ci-deployer\"."
  }

  validation {
    condition     = !contains(["iam-events", "leak-events", "notify", "retire", "retire-schedule", "rotate"], lower(var.name))
    error_message = "The base has functions and roles called iam-events, leak-events, notify, retire, retire-schedule, rotate after the prefix. Choose another name."
  }

  validation {
    condition     = !coalesce(var.base.delivers, false) || !contains(["deliver", "deliver-schedule"], lower(var.name))
    error_message = "With delivers, the base has a function and roles called deliver, deliver-schedule after the prefix. Choose another name."
  }

  validation {
    condition     = coalesce(var.base.on_leak, "notify") != "replace" || lower(var.name) != "respond"
    error_message = "With on_leak = \"replace\", the base has a function and a role called respond after the prefix. Choose another name."
  }

  validation {
    condition     = length(var.base.prefix) + 1 + length(var.name) <= 64
    error_message = "Functions and roles are called <prefix>-<name>, in at most 64 characters. Choose a shorter name or prefix."
  }
}

variable "readers" {
  type        = list(string)
  description = "Who may read the secret, besides those whom their own policies allow it: ARNs of roles, users and accounts. A role or user need not exist yet; a misspelt one is not noticed, and admits nobody. In another account they need `kms_key_arn`. How many there are is known when Terraform plans."
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.readers :
      can(regex("^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(root|(role|user)/[0-9A-Za-z_+=,.@/-]{1,576})$", arn))
    ])
    error_message = "A reader is the ARN of a role, of a user, or of an account (:root), without wildcards. Write: readers = [\"arn:aws:iam::111122223333:role/ci\"]."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "The customer key that encrypts the secret; without it the account's `aws/secretsmanager`."
  default     = null
  nullable    = true

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "A key is named by its ARN, not by an alias, because policies take no alias."
  }
}

variable "self_renewal" {
  type        = bool
  description = "Whether the user may read its own secret, so that an application that has a key gets the next one with it. A user that is made elsewhere needs `kms:Decrypt` on `kms_key_arn`, too, if that is given."
  default     = false
  nullable    = false
}

variable "replicas" {
  type        = list(object({ region = string, kms_key_arn = optional(string) }))
  description = "Regions that the secret is copied to, to be read there, each with the customer key that encrypts the copy; without one the account's `aws/secretsmanager` there. The whole list is known when Terraform plans."
  default     = []
  nullable    = false

  validation {
    condition = (
      alltrue([for copy in var.replicas : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", copy.region))]) &&
      length(distinct(var.replicas[*].region)) == length(var.replicas)
    )
    error_message = "A region is written as AWS does, and once. Write: replicas = [{ region = \"eu-central-1\" }]."
  }

  validation {
    condition = alltrue([
      for copy in var.replicas :
      copy.kms_key_arn == null || can(regex("^arn:aws(-[a-z]+)*:kms:${copy.region}:[0-9]{12}:key/", copy.kms_key_arn))
    ])
    error_message = "A copy is encrypted by a key of its own region, named by its ARN."
  }

  validation {
    condition     = !contains(var.replicas[*].region, data.aws_region.current.id)
    error_message = "The secret itself is in the provider's region. Leave that region out of replicas."
  }
}

variable "secret_recovery_days" {
  type        = number
  description = "How long a deleted secret can be restored; its name is taken for that long. 0: it is gone at once."
  default     = 30
  nullable    = false

  validation {
    condition = (
      var.secret_recovery_days == 0 ||
      (var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30 && floor(var.secret_recovery_days) == var.secret_recovery_days)
    )
    error_message = "secret_recovery_days is 0, or 7 to 30. Write: secret_recovery_days = 30."
  }
}

variable "rotate_every_days" {
  type        = number
  description = "The longest time from one rotation to the next; up to a tenth less, by the name, so that users made together part. Without it every second month, on a day and at an hour that come from the name."
  default     = null
  nullable    = true

  validation {
    condition = (
      var.rotate_every_days == null ||
      try(var.rotate_every_days >= 1 && var.rotate_every_days <= 999 && floor(var.rotate_every_days) == var.rotate_every_days, false)
    )
    error_message = "rotate_every_days is a whole number, 1 to 999. Write: rotate_every_days = 60."
  }

  validation {
    # The right side is local.lives_days: a validation may not refer to a local that comes from its own variable.
    condition = (
      coalesce(var.rotate_every_days, 59) >=
      (var.overlap_hours + (var.rotate_every_days == null ? 3 : 24)) / 24 + var.grace_period_days + 1
    )
    error_message = "From one rotation to the next there has to be time for overlap, grace period, window and a day. Rotate less often, or shorten overlap_hours or grace_period_days."
  }
}

variable "overlap_hours" {
  type        = number
  description = "How long the previous key stays usable after a rotation. 0: the rotation itself deactivates it."
  default     = 24
  nullable    = false

  validation {
    condition     = var.overlap_hours >= 0 && var.overlap_hours <= 2400 && floor(var.overlap_hours) == var.overlap_hours
    error_message = "overlap_hours is a whole number, 0 or more. Write: overlap_hours = 24."
  }
}

variable "grace_period_days" {
  type        = number
  description = "How long the previous key is kept, deactivated, before it is deleted."
  default     = 7
  nullable    = false

  validation {
    condition     = var.grace_period_days >= 0 && var.grace_period_days <= 365 && floor(var.grace_period_days) == var.grace_period_days
    error_message = "grace_period_days is a whole number, 0 or more. Write: grace_period_days = 7."
  }
}

variable "maximum_key_age_days" {
  type        = number
  description = "The policy: no key is usable for longer."
  default     = 90
  nullable    = false

  validation {
    condition = (
      coalesce(var.rotate_every_days, 62) + ((var.rotate_every_days == null ? 3 : 24) + var.overlap_hours) / 24 + 4
      <= var.maximum_key_age_days
    )
    error_message = "The longest time between two rotations, the window, the overlap and 4 days of reserve have to fit into maximum_key_age_days. Rotate more often, or raise it."
  }
}

variable "when_still_in_use" {
  type        = string
  description = "What becomes of a previous key that is still in use when its overlap is over. `hold`: it stays usable, and is reported, until the use ends. `retire`: it is deactivated all the same. Without it `hold`, or `retire` with an overlap under 6 hours."
  default     = null
  nullable    = true

  validation {
    condition     = var.when_still_in_use == null || contains(["hold", "retire"], coalesce(var.when_still_in_use, "hold"))
    error_message = "when_still_in_use is hold or retire. Write: when_still_in_use = \"hold\"."
  }

  validation {
    condition     = var.when_still_in_use != "hold" || var.overlap_hours >= 6
    error_message = "AWS reports a key's use hours late, so hold needs an overlap of at least 6 hours. Write: overlap_hours = 24."
  }
}

variable "take_over" {
  type        = list(string)
  description = "Keys of the user that this product did not make and is to retire: their ids, or `[\"all\"]`. Others are reported, and never changed."
  default     = []
  nullable    = false

  validation {
    condition = (
      var.take_over == tolist(["all"]) ||
      alltrue([for id in var.take_over : can(regex("^AKIA[A-Z0-9]{12,124}$", id))])
    )
    error_message = "take_over is [\"all\"], or a list of access key ids, which begin with AKIA."
  }
}

variable "exemption" {
  type        = object({ reason = string, until = string })
  description = "No rotation and no retirement of the user's keys until then: why, and a moment in UTC such as `2027-01-31T00:00:00Z`."
  default     = null
  nullable    = true

  validation {
    condition     = var.exemption == null || can(regex("Z$", timeadd(var.exemption.until, "0s")))
    error_message = "until is a moment in UTC. Write: until = \"2027-01-31T00:00:00Z\"."
  }

  validation {
    condition     = var.exemption == null || can(regex("^[^\\p{C}\\p{Zl}\\p{Zp}]{1,256}$", var.exemption.reason)) && try(trimspace(var.exemption.reason) != "", false)
    error_message = "A reason is a text of 1 to 256 visible characters in one line."
  }
}

variable "acknowledgement" {
  type        = object({ by = string, remind_after_days = optional(number, 3), at_maximum_key_age = optional(string, "hold") })
  description = "A previous key is retired only when the consumers are known to work with the current one, by `command`, `use` or `either`: see `docs/delivery.md`."
  default     = null
  nullable    = true

  # A base of an earlier version would retire keys without it.
  validation {
    condition     = var.acknowledgement == null || var.base.delivers != null
    error_message = "The base is of an earlier version, which knows no acknowledgement. Take the module base of this version first."
  }

  validation {
    condition     = var.acknowledgement == null || contains(["command", "use", "either"], try(var.acknowledgement.by, ""))
    error_message = "by is command, use or either. Write: by = \"command\"."
  }

  validation {
    condition     = var.acknowledgement == null || contains(["hold", "retire"], coalesce(try(var.acknowledgement.at_maximum_key_age, null), "hold"))
    error_message = "at_maximum_key_age is hold or retire. Write: at_maximum_key_age = \"hold\"."
  }

  validation {
    condition = var.acknowledgement == null || try(
      var.acknowledgement.remind_after_days >= 1 && floor(var.acknowledgement.remind_after_days) == var.acknowledgement.remind_after_days &&
      var.acknowledgement.remind_after_days < var.maximum_key_age_days, false
    )
    error_message = "remind_after_days is a whole number, 1 or more, and less than maximum_key_age_days. Write: remind_after_days = 3."
  }
}

variable "ses_smtp_region" {
  type        = string
  description = "The region of SES whose SMTP password is stored with each key that is made from now on; without it none is."
  default     = null
  nullable    = true

  validation {
    condition     = var.ses_smtp_region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.ses_smtp_region))
    error_message = "A region is written as AWS does. Write: ses_smtp_region = \"eu-west-1\"."
  }
}

variable "owner" {
  type        = string
  description = "The team or person that answers for the user; a tag of all that the module makes, and in messages."
  default     = null
  nullable    = true

  validation {
    condition     = var.owner == null || can(regex("^[0-9A-Za-z _.:/=+@-]{1,256}$", var.owner))
    error_message = "An owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of all that the module makes, besides those of the provider."
  default     = {}
  nullable    = false

  # IAM, Secrets Manager and Lambda make each a part of the user's resources, so what one of them refuses ends an apply half-way.
  validation {
    condition = alltrue([
      for key, value in var.tags :
      can(regex("^[\\p{L}\\p{Zs}\\p{N}_.:/=+@-]{1,128}$", key)) && can(regex("^[\\p{L}\\p{Zs}\\p{N}_.:/=+@-]{1,256}$", value))
    ])
    error_message = "A tag's key has 1 to 128 and its value 1 to 256 letters, digits, spaces and _.:/=+-@."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !can(regex("^(aws|iam-key-rotation):", lower(key)))])
    error_message = "Keys that begin with aws: are AWS's own, and iam-key-rotation: the module's. Choose others."
  }

  validation {
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "IAM takes tag keys that differ only in case for the same. Keep one of them."
  }

  validation {
    condition     = length(var.tags) <= 40
    error_message = "A user has up to 40 tags: AWS allows 50, of which the module and the console need some."
  }
}

variable "decommission" {
  type        = bool
  description = "Announces that the module call will be removed. Removing a user takes two applies: this, then the call."
  default     = false
  nullable    = false
}
