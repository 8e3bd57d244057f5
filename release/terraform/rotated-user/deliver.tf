# The build copies this file to rotated-existing-user, too. What stands between `:start` and `:end` is made by `npm run generate`
# from modules/config/schema/deliver.ts and contract/delivery.ts; the other rules are those of modules/config/rules/targets.ts.

variable "deliver" {
  type = list(object({
    # targets:start
    secret    = optional(object({ id = string, fields = map(string), kms_key_arn = optional(string) }))
    parameter = optional(object({ name = string, kms_key_arn = optional(string) }))
    restart   = optional(object({ ecs_service = string }))
    # targets:end
  }))
  description = "Where every new key goes besides, for what cannot read the secret: see `docs/delivery.md`. It needs `delivers = true` in the base, and the module `key-delivery`, which takes the output `delivery`."
  default     = []
  nullable    = false

  # rules:start

  validation {
    condition     = length(var.deliver) <= 10
    error_message = "deliver is a list of up to 10 targets."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      length([for place in [target.secret, target.parameter, target.restart] : true if place != null]) == 1
    ])
    error_message = "A target is a map with one key: secret, parameter or restart. Write: deliver = [{ parameter = { name = \"/payments/aws-key\" } }]."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", target.secret.id))
      if try(target.secret.id, null) != null
    ])
    error_message = "A secret is named by its name, or by its whole ARN. Write: id = \"payments/env\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([for name in keys(target.secret.fields) : can(regex("^[^\\p{C}\\s\\p{Z}]([^\\p{C}\\p{Zl}\\p{Zp}]{0,126}[^\\p{C}\\s\\p{Z}])?$", name))]) &&
      alltrue([for one in values(target.secret.fields) : contains(["AccessKeyId", "SecretAccessKey", "UserName", "AccountId", "CreateDate", "SmtpUserName", "SmtpPassword", "SmtpRegion"], one)])
      if try(target.secret.fields, null) != null
    ])
    error_message = "fields is a map of up to 20 parts of the key pair, by the names that the fields have. Write: fields = { AWS_ACCESS_KEY_ID = \"AccessKeyId\", AWS_SECRET_ACCESS_KEY = \"SecretAccessKey\" }."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]{1,128}$", target.secret.kms_key_arn))
      if try(target.secret.kms_key_arn, null) != null
    ])
    error_message = "A KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough. Write: kms_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      try(split(":", target.secret.kms_key_arn)[3], "") == data.aws_region.current.id
      if try(target.secret.kms_key_arn, null) != null
    ])
    error_message = "The KMS key is in the provider's region."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("(?i)^(/[A-Za-z0-9_.-]+){1,15}$", target.parameter.name)) &&
      !can(regex("(?i)^/(aws|ssm)", target.parameter.name)) &&
      length(target.parameter.name) >= 2 &&
      length(target.parameter.name) <= 940
      if try(target.parameter.name, null) != null
    ])
    error_message = "A parameter is named by its whole path, which begins with / and not with /aws or /ssm: up to 15 levels of letters, digits and _.-. Write: name = \"/payments/aws-key\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]{1,128}$", target.parameter.kms_key_arn))
      if try(target.parameter.kms_key_arn, null) != null
    ])
    error_message = "A KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough. Write: kms_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      try(split(":", target.parameter.kms_key_arn)[3], "") == data.aws_region.current.id
      if try(target.parameter.kms_key_arn, null) != null
    ])
    error_message = "The KMS key is in the provider's region."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\\d{12}:service/[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", target.restart.ecs_service))
      if try(target.restart.ecs_service, null) != null
    ])
    error_message = "An ECS service is named by its ARN, with its cluster. Write: ecs_service = \"arn:aws:ecs:eu-west-1:111122223333:service/payments/api\"."
  }
  # rules:end

  validation {
    condition     = length(var.deliver) == 0 || coalesce(var.base.delivers, false)
    error_message = "Without delivers, the base neither looks at what targets hold nor leaves the names of the delivery function free. Write in the module base: delivers = true."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      length(target.secret.fields) >= 1 && length(target.secret.fields) <= 20 if target.secret != null
    ])
    error_message = "fields is a map of 1 to 20 parts of the key pair, by the names that the fields have."
  }

  validation {
    condition = var.ses_smtp_region != null || alltrue([
      for target in var.deliver :
      alltrue([for part in values(target.secret.fields) : !startswith(part, "Smtp")]) if target.secret != null
    ])
    error_message = "Only a user with ses_smtp_region has SmtpUserName, SmtpPassword and SmtpRegion. Write ses_smtp_region, or another part of the key."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      startswith(target.secret.id, "arn:${data.aws_partition.current.partition}:secretsmanager:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:")
      if startswith(try(target.secret.id, ""), "arn:")
    ])
    error_message = "A secret that keys are delivered to is in the account and region of the provider; readers in another account can read the user's own secret: see readers."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      startswith(target.restart.ecs_service, "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:")
      if target.restart != null
    ])
    error_message = "A service that is restarted is in the account and region of the provider. Name a service there."
  }

  validation {
    # Of an ARN, the name is what follows secret:. The right side is local.secret_prefix, as secrets of a base are named.
    condition = alltrue([
      for target in var.deliver :
      !startswith(replace(target.secret.id, "/^arn:.*:secret:/", ""), "${coalesce(var.base.secret_prefix, var.base.prefix)}/")
      if target.secret != null
    ])
    error_message = "Secrets whose names begin as those of the base do are its own, and only a rotation writes them. Name another secret."
  }
}

# The targets as the functions read them, in DynamoDB's own JSON.
locals {
  # stored:start
  stored_targets = flatten([
    for target in var.deliver : [
      [for place in target.secret[*] : { M = { for name, value in {
        kind   = { S = "secret" }
        id     = { S = place.id }
        fields = { M = { for one, value_of_one in place.fields : one => { S = value_of_one } } }
      } : name => value if value != null } }],
      [for place in target.parameter[*] : { M = { for name, value in {
        kind      = { S = "parameter" }
        name      = { S = place.name }
        kmsKeyArn = try(place.kms_key_arn, null) == null ? null : { S = place.kms_key_arn }
      } : name => value if value != null } }],
      [for place in target.restart[*] : { M = { for name, value in {
        kind       = { S = "restart" }
        ecsService = { S = place.ecs_service }
      } : name => value if value != null } }],
    ]
  ])
  # stored:end
}

output "delivery" {
  description = "What the module `key-delivery` takes of the user, in `users`."
  value = {
    name        = var.name
    secret_name = local.secret_name
    kms_key_arn = var.kms_key_arn
    deliver     = var.deliver
  }
}
