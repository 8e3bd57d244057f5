# What main.tf.json, which is generated, takes from the variables.
locals {
  replaces        = var.base.on_leak == "replace"
  responder_count = local.replaces ? 1 : 0

  in_region = "${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
  function  = "arn:${data.aws_partition.current.partition}:lambda:${local.in_region}:function:${var.base.prefix}"
  queue_arn = "arn:${data.aws_partition.current.partition}:sqs:${local.in_region}:${var.base.prefix}-notify-failed"

  # Those of modules/leak-response/policies.ts; a test compares them. A user may be called as the delivery function where there is none.
  other_functions = flatten([
    for name in concat(["retire", "notify", "respond"], coalesce(var.base.delivers, false) ? ["deliver"] : []) :
    ["${local.function}-${name}", "${local.function}-${name}:*"]
  ])

  listener_name   = local.replaces ? one(aws_lambda_function.respond[*].function_name) : "${var.base.prefix}-notify"
  listener_arn    = local.replaces ? one(aws_lambda_function.respond[*].arn) : var.base.notification_function_arn
  listener_target = local.replaces ? "respond-to-leaks" : "notify-people"
}

# From where what AWS reports is brought to the region of the base. The regions are those of contract/; a test compares them.
locals {
  iam_regions = {
    aws        = "us-east-1"
    aws-cn     = "cn-north-1"
    aws-us-gov = "us-gov-west-1"
    aws-iso    = "us-iso-east-1"
    aws-iso-b  = "us-isob-east-1"
    aws-iso-f  = "us-isof-south-1"
  }
  health_backup_regions = {
    aws = "us-west-2"
  }

  partition            = data.aws_partition.current.partition
  iam_region           = lookup(local.iam_regions, local.partition, null)
  health_backup_region = lookup(local.health_backup_regions, local.partition, null)

  iam_events_count    = local.iam_region == null || local.iam_region == data.aws_region.current.id ? 0 : 1
  health_backup_count = local.health_backup_region == null || local.health_backup_region == data.aws_region.current.id ? 0 : 1
  forwarding_count    = max(local.iam_events_count, local.health_backup_count)
}

# What is wrong with the providers that were given.
locals {
  providers = "Write: providers = { aws = aws, aws.iam_events = <the provider of ${coalesce(local.iam_region, data.aws_region.current.id)}>, aws.health_backup = <the provider of ${coalesce(local.health_backup_region, data.aws_region.current.id)}> }."

  hears_iam_events = local.iam_region == null || data.aws_region.iam_events.id == local.iam_region
  other_iam_events = "AWS reports the events of IAM in ${coalesce(local.iam_region, "no known region")}, and the provider aws.iam_events is of ${data.aws_region.iam_events.id}. ${local.providers}"

  hears_health_backup = local.health_backup_region == null || data.aws_region.health_backup.id == local.health_backup_region
  other_health_backup = "Health reports a second time in ${coalesce(local.health_backup_region, "no known region")}, and the provider aws.health_backup is of ${data.aws_region.health_backup.id}. ${local.providers}"

  is_one_account = alltrue([
    for one in [data.aws_caller_identity.iam_events, data.aws_caller_identity.health_backup] :
    one.account_id == data.aws_caller_identity.current.account_id
  ])
  other_account = "AWS reports the leaks of an account in that account, and the providers aws.iam_events and aws.health_backup are of ${data.aws_caller_identity.iam_events.account_id} and ${data.aws_caller_identity.health_backup.account_id}, the provider aws of ${data.aws_caller_identity.current.account_id}. Give all three the same account."
}
