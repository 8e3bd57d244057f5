# The build copies this file to rotated-existing-user, too. What differs is in user.tf.

# The same schedules as modules/schedule/schedule.ts makes of a stable key; a test compares them.
locals {
  window_hours    = var.rotate_every_days == null ? 3 : 24
  calendar_day    = 1 + parseint(substr(sha256("day:${var.name}"), 0, 8), 16) % 28
  calendar_hour   = parseint(substr(sha256("hour:${var.name}"), 0, 8), 16) % (24 - local.window_hours + 1)
  calendar_months = parseint(substr(sha256("month:${var.name}"), 0, 8), 16) % 2 == 0 ? "1,3,5,7,9,11" : "2,4,6,8,10,12"
  # Any number where there is none: Terraform looks at both sides of a choice.
  every_days = coalesce(var.rotate_every_days, 60)
  # What one rotation to the next has to have room for.
  lives_days  = (var.overlap_hours + local.window_hours) / 24 + var.grace_period_days + 1
  sooner_days = max(0, min(floor(local.every_days / 10), floor(local.every_days - local.lives_days)))
  rate_days   = local.every_days - parseint(substr(sha256("interval:${var.name}"), 0, 8), 16) % (local.sooner_days + 1)
  schedule = (
    var.rotate_every_days == null
    ? "cron(0 ${local.calendar_hour} ${local.calendar_day} ${local.calendar_months} ? *)"
    : "rate(${local.rate_days} ${local.rate_days == 1 ? "day" : "days"})"
  )
}

# Secrets Manager ends ARNs with a hyphen and six characters: a name that ends so is set apart, as contract/names.ts does.
locals {
  # A base of an earlier version has none.
  secret_prefix = coalesce(var.base.secret_prefix, var.base.prefix)
  secret_name   = "${local.secret_prefix}/${var.name}${can(regex("-[A-Za-z0-9]{6}$", var.name)) ? "/key" : ""}"
}

# The settings that the functions read.
locals {
  user_name              = coalesce(var.user_name, var.name)
  overlap_seconds        = var.overlap_hours * 3600
  grace_period_seconds   = var.grace_period_days * 86400
  maximum_age_seconds    = var.maximum_key_age_days * 86400
  rotated_within_seconds = (var.rotate_every_days == null ? 62 : local.rate_days) * 86400 + local.window_hours * 3600
  when_still_in_use      = coalesce(var.when_still_in_use, var.overlap_hours >= 6 ? "hold" : "retire")

  # What Terraform works out, and what is in the settings only if it is said: each as it stands in the item, and when.
  optional_settings = [
    { said = true, item = { rotatedWithinSeconds = { N = tostring(local.rotated_within_seconds) } } },
    { said = var.owner != null, item = { owner = { S = var.owner } } },
    { said = contains(var.take_over, "all"), item = { takeOver = { S = "all" } } },
    {
      said = length(var.take_over) > 0 && !contains(var.take_over, "all"),
      item = { takeOver = { L = [for id in var.take_over : { S = id }] } }
    },
    { said = length(var.deliver) > 0, item = { deliver = { L = local.stored_targets } } },
    { said = var.ses_smtp_region != null, item = { sesSmtp = { M = { region = { S = var.ses_smtp_region } } } } },
    {
      said = var.exemption != null,
      item = {
        exemption = {
          M = {
            reason = { S = try(var.exemption.reason, null) }
            until  = { S = try(timeadd(var.exemption.until, "0s"), null) }
          }
        }
      }
    },
    {
      said = var.acknowledgement != null,
      item = {
        acknowledgement = {
          M = {
            by                 = { S = try(var.acknowledgement.by, null) }
            remindAfterSeconds = { N = try(tostring(var.acknowledgement.remind_after_days * 86400), null) }
            atMaximumKeyAge    = { S = try(var.acknowledgement.at_maximum_key_age, null) }
          }
        }
      }
    },
  ]
}

# Who may read and encrypt the secret, and its copies.
locals {
  # A key's alias, as which AWS's own key is named, grants nothing in a policy, and nothing is needed for it.
  aws_key_alias_arn  = "arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:alias/aws/secretsmanager"
  policy_kms_key_arn = coalesce(var.kms_key_arn, local.aws_key_alias_arn)
  # Said also where it is AWS's own: a key that is not named is not taken off a secret.
  secret_kms_key = coalesce(var.kms_key_arn, "alias/aws/secretsmanager")

  # A user that renews its own key is one more reader.
  reader_identities   = concat([for arn in var.readers : arn if !endswith(arn, ":root")], var.self_renewal ? [local.user_arn] : [])
  reader_accounts     = [for arn in var.readers : arn if endswith(arn, ":root")]
  secret_policy_count = length(var.readers) == 0 && !var.self_renewal ? 0 : 1

  # What the function needs to encrypt copies; where no customer key does, the permission is for an alias, and is none.
  replica_key_arns        = [for copy in var.replicas : copy.kms_key_arn if copy.kms_key_arn != null]
  replica_policy_key_arns = coalescelist(local.replica_key_arns, [local.aws_key_alias_arn])
  replica_policy_services = [
    for region in concat([data.aws_region.current.id], var.replicas[*].region) :
    "secretsmanager.${region}.${data.aws_partition.current.dns_suffix}"
  ]
  replica_policy_secret_arns = [
    for region in coalescelist(var.replicas[*].region, [data.aws_region.current.id]) :
    "arn:${data.aws_partition.current.partition}:secretsmanager:${region}:${data.aws_caller_identity.current.account_id}:secret:${local.secret_name}-??????"
  ]
}

locals {
  # As the guard's input has it: see contract/function-events.ts.
  removal_announcement = var.decommission || !var.base.protection ? jsonencode("onRecord") : jsonencode(false)
  alarm_count          = var.base.per_function_alarms ? 1 : 0
  tags = merge(
    var.tags,
    { "iam-key-rotation:user" = var.name, "iam-key-rotation:stack" = var.base.name },
    var.owner == null ? {} : { "iam-key-rotation:owner" = var.owner },
  )
}
