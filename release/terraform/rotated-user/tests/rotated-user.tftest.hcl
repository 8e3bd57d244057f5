# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {
  # The check of the functions' code has to be known when Terraform plans: an empty date passes it.
  mock_resource "aws_lambda_function" {
    override_during = plan
    defaults = {
      arn           = "arn:aws:lambda:eu-west-1:111122223333:function:any"
      last_modified = ""
      code_sha256   = ""
    }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1", name = "eu-west-1" }
  }
}

mock_provider "aws" {
  alias = "virginia"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1", name = "us-east-1" }
  }
}

variables {
  base = {
    name                     = "production"
    prefix                   = "iam-key-rotation"
    table_name               = "iam-key-rotation"
    table_arn                = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
    protection               = true
    role_path                = "/"
    permissions_boundary_arn = null
    log_retention_days       = 365
    log_kms_key_arn          = null
    per_function_alarms      = true
    runbook_url              = "https://wiki.example.com/runbook"
    function_runtime         = "nodejs22.x"
    function_architecture    = "arm64"
    delivers                 = false
  }
  name = "ci-deployer"
}

run "is_named_after_its_key" {
  command = plan

  assert {
    condition     = aws_iam_user.user.name == "ci-deployer" && aws_secretsmanager_secret.user.name == "iam-key-rotation/ci-deployer"
    error_message = "User or secret is not named after the key."
  }
  assert {
    condition     = aws_iam_user.user.tags["iam-key-rotation:stack"] == "production"
    error_message = "Without the tag of its set, the user's previous keys are never retired."
  }
  assert {
    condition     = length(aws_secretsmanager_secret_policy.user) == 0 && length(aws_iam_user_policy_attachment.user) == 0
    error_message = "Something was made that nobody asked for."
  }
  assert {
    condition     = aws_secretsmanager_secret_rotation.user.rotate_immediately == false
    error_message = "A change of the schedule would rotate at once."
  }
}

run "has_what_is_asked_for" {
  command = plan

  variables {
    user_name   = "ci.deployer@example"
    policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111122223333:policy/deploy"]
    readers     = ["arn:aws:iam::111122223333:role/ci"]
    owner       = "platform-team"
    tags        = { team = "platform" }
  }

  assert {
    condition     = length(aws_iam_user_policy_attachment.user) == 2 && length(aws_secretsmanager_secret_policy.user) == 1
    error_message = "Policies or readers are missing."
  }
  assert {
    condition     = aws_iam_user.user.tags["team"] == "platform" && aws_iam_user.user.tags["iam-key-rotation:owner"] == "platform-team"
    error_message = "Tags are missing."
  }
}

run "is_where_and_called_as_its_base_says" {
  command = plan

  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      secret_prefix         = "prod/payments"
      vpc                   = { subnet_ids = ["subnet-0123456789abcdef0"], security_group_ids = ["sg-0123456789abcdef0"] }
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
    }
  }

  assert {
    condition     = aws_secretsmanager_secret.user.name == "prod/payments/ci-deployer" && aws_lambda_function.user.environment[0].variables.SECRET_NAME_PREFIX == "prod/payments"
    error_message = "The secret is called otherwise, or the function looks for another."
  }
  assert {
    condition     = aws_lambda_function.user.vpc_config[0].security_group_ids == toset(["sg-0123456789abcdef0"])
    error_message = "The function runs elsewhere."
  }
}

run "attaches_policies_of_which_only_the_names_are_known" {
  command = plan

  variables {
    policy_arns         = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    policy_arns_by_name = { mail = "arn:aws:iam::111122223333:policy/mail" }
  }

  assert {
    condition     = sort(keys(aws_iam_user_policy_attachment.user)) == sort(["arn:aws:iam::aws:policy/ReadOnlyAccess", "mail"])
    error_message = "A policy without a name has another address than before, or the one with a name is missing."
  }
  assert {
    condition     = aws_iam_user_policy_attachment.user["mail"].policy_arn == "arn:aws:iam::111122223333:policy/mail"
    error_message = "Another policy is attached than the one that has the name."
  }
}

run "has_inline_policies_and_groups" {
  command = plan

  variables {
    inline_policies = {
      read-reports = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"
    }
    groups = ["mailers", "everybody"]
  }

  assert {
    condition     = jsondecode(aws_iam_user_policy.user_inline["read-reports"].policy).Statement[0].Action == "s3:GetObject"
    error_message = "The inline policy is missing."
  }
  assert {
    condition     = aws_iam_user_group_membership.user[0].groups == toset(["everybody", "mailers"])
    error_message = "The groups are missing."
  }
}

run "refuses_rights_that_iam_would_refuse" {
  command = plan
  variables {
    policy_arns_by_name = { mail = "mail" }
    inline_policies     = { "a b" = "no policy" }
    groups              = ["arn:aws:iam::111122223333:group/mailers"]
  }
  expect_failures = [var.policy_arns_by_name, var.inline_policies, var.groups]
}

run "refuses_more_characters_of_inline_policies_than_iam_takes" {
  command = plan
  variables {
    inline_policies = { long = jsonencode({ Statement = [for n in range(1000) : "x"] }) }
  }
  expect_failures = [var.inline_policies]
}

run "admits_roles_and_users_by_a_condition_so_that_none_has_to_exist" {
  command = plan

  variables {
    readers      = ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::444455556666:user/app"]
    self_renewal = true
  }

  assert {
    condition = jsondecode(aws_secretsmanager_secret_policy.user[0].policy).Statement[*].Condition.StringEquals["aws:PrincipalArn"] == [
      ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::444455556666:user/app", "arn:aws:iam::111122223333:user/ci-deployer"]
    ]
    error_message = "The policy does not admit exactly the readers and the user itself."
  }
  assert {
    condition     = jsondecode(aws_secretsmanager_secret_policy.user[0].policy).Statement[*].Principal.AWS == ["*"]
    error_message = "A role or user is a principal."
  }
}

run "admits_accounts_as_principals" {
  command = plan

  variables {
    readers = ["arn:aws:iam::444455556666:root"]
  }

  assert {
    condition = [for one in jsondecode(aws_secretsmanager_secret_policy.user[0].policy).Statement : [one.Sid, one.Principal.AWS]] == [
      ["ReaderAccounts", ["arn:aws:iam::444455556666:root"]]
    ]
    error_message = "The policy does not admit exactly the account."
  }
}

run "admits_accounts_beside_roles" {
  command = plan

  variables {
    readers = ["arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:role/ci"]
  }

  assert {
    condition     = jsondecode(aws_secretsmanager_secret_policy.user[0].policy).Statement[*].Sid == ["Readers", "ReaderAccounts"]
    error_message = "The policy does not admit both the role and the account."
  }
}

run "has_two_alarms_for_its_function" {
  command = plan

  assert {
    condition     = [for alarm in aws_cloudwatch_metric_alarm.user_throttled : alarm.alarm_name] == ["iam-key-rotation/ci-deployer/function-throttled"]
    error_message = "Nobody would hear that the function is kept from running."
  }
  assert {
    condition     = endswith(one(aws_cloudwatch_metric_alarm.user_rotation_failed).alarm_description, "Runbook: https://wiki.example.com/runbook#rotation-failed")
    error_message = "The alarm names no section of the runbook."
  }
}

run "has_no_alarms_where_the_base_has_one_for_all" {
  command = plan

  variables {
    base = {
      name                     = "production"
      prefix                   = "iam-key-rotation"
      table_name               = "iam-key-rotation"
      table_arn                = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection               = true
      role_path                = "/"
      permissions_boundary_arn = null
      log_retention_days       = 365
      log_kms_key_arn          = null
      per_function_alarms      = false
      runbook_url              = "docs/runbook.md"
      function_runtime         = "nodejs22.x"
      function_architecture    = "x86_64"
    }
  }

  assert {
    condition     = aws_lambda_function.user.architectures == tolist(["x86_64"])
    error_message = "The function does not run on the processors of its base."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.user_throttled) + length(aws_cloudwatch_metric_alarm.user_rotation_failed) == 0
    error_message = "There are alarms that nobody asked for."
  }
}

run "lets_the_user_read_its_own_secret" {
  command = plan

  variables {
    self_renewal = true
    path         = "/service/"
    kms_key_arn  = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = jsondecode(one(aws_secretsmanager_secret_policy.user).policy).Statement[0].Condition.StringEquals["aws:PrincipalArn"] == ["arn:aws:iam::111122223333:user/service/ci-deployer"]
    error_message = "The secret's policy does not admit the user, or admits somebody else."
  }
  assert {
    condition     = length(aws_iam_user_policy.user) == 1
    error_message = "The user could read what it cannot decrypt."
  }
}

run "lets_nobody_read_and_nobody_decrypt_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_secretsmanager_secret_policy.user) + length(aws_iam_user_policy.user) == 0
    error_message = "Somebody is admitted whom nobody named."
  }
}

run "is_copied_to_other_regions" {
  command = plan

  override_resource {
    target          = aws_secretsmanager_secret.user
    override_during = plan
    values          = { arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.user
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-ci-deployer" }
  }
  variables {
    replicas = [
      { region = "eu-central-1" },
      { region = "us-east-1", kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555" },
    ]
  }

  assert {
    condition = { for copy in aws_secretsmanager_secret.user.replica : copy.region => copy.kms_key_id } == {
      eu-central-1 = "alias/aws/secretsmanager"
      us-east-1    = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    }
    error_message = "Copies or their keys are missing."
  }
  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.user.policy).Statement : statement if statement.Sid == "EncryptCopies"
    ]).Resource == ["arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"]
    error_message = "The function could not write to the copy."
  }
}

run "refuses_copies_that_cannot_be" {
  command = plan
  variables {
    replicas = [{ region = "eu-central-1", kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555" }]
  }
  expect_failures = [var.replicas]
}

run "refuses_a_copy_beside_the_secret" {
  command = plan
  variables {
    replicas = [{ region = "eu-west-1" }]
  }
  expect_failures = [var.replicas]
}

run "is_rotated_up_to_a_tenth_sooner_than_asked_for" {
  command = plan

  variables {
    rotate_every_days = 60
  }

  assert {
    condition     = can(regex("^rate\\((5[4-9]|60) days\\)$", output.schedule))
    error_message = "The schedule is ${output.schedule}."
  }
}

run "refuses_a_name_that_makes_no_names" {
  command = plan
  variables {
    name = "legacy.mailer"
  }
  expect_failures = [var.name]
}

run "keeps_a_name_that_ends_like_an_arn_apart_in_the_secret" {
  command = plan
  variables {
    name = "s3-backup"
  }

  assert {
    condition     = aws_secretsmanager_secret.user.name == "iam-key-rotation/s3-backup/key"
    error_message = "The secret is called ${aws_secretsmanager_secret.user.name}."
  }
}

run "refuses_what_the_base_is_called" {
  command = plan
  variables {
    name = "retire"
  }
  expect_failures = [var.name]
}

run "refuses_lives_of_keys_that_do_not_fit_between_two_rotations" {
  command = plan
  variables {
    rotate_every_days = 9
  }
  expect_failures = [var.rotate_every_days]
}

run "refuses_keys_that_get_older_than_they_may" {
  command = plan
  variables {
    maximum_key_age_days = 60
  }
  expect_failures = [var.maximum_key_age_days]
}

run "refuses_to_hold_what_nobody_can_tell" {
  command = plan
  variables {
    overlap_hours     = 2
    when_still_in_use = "hold"
  }
  expect_failures = [var.when_still_in_use]
}

run "refuses_values_that_aws_would_refuse" {
  command = plan
  variables {
    user_name            = "a b"
    path                 = "service"
    readers              = ["*"]
    kms_key_arn          = "alias/mine"
    secret_recovery_days = 3
    take_over            = ["ASIAIOSFODNN7EXAMPLE"]
    owner                = "a\tb"

    permissions_boundary_arn = "boundary"
    policy_arns              = ["ReadOnlyAccess"]
  }
  expect_failures = [
    var.user_name, var.path, var.readers, var.kms_key_arn, var.secret_recovery_days, var.take_over, var.owner,
    var.permissions_boundary_arn, var.policy_arns
  ]
}

run "refuses_a_tag_with_characters_that_aws_refuses" {
  command = plan
  variables {
    tags = { "bad!key" = "x" }
  }
  expect_failures = [var.tags]
}

run "refuses_a_tag_without_a_value" {
  command = plan
  variables {
    tags = { team = "" }
  }
  expect_failures = [var.tags]
}

run "refuses_a_tag_of_aws" {
  command = plan
  variables {
    tags = { "aws:x" = "x" }
  }
  expect_failures = [var.tags]
}

run "refuses_tags_that_differ_only_in_case" {
  command = plan
  variables {
    tags = { Owner = "a", owner = "b" }
  }
  expect_failures = [var.tags]
}

run "refuses_groups_that_differ_only_in_case" {
  command = plan
  variables {
    groups = ["mailers", "Mailers"]
  }
  expect_failures = [var.groups]
}

run "takes_a_base_whose_outputs_were_kept_without_what_is_null" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
    }
    tags = { "cost centre" = "Zürich 1" }
  }
  assert {
    condition     = aws_iam_role.user.permissions_boundary == null && aws_cloudwatch_log_group.user.kms_key_id == null
    error_message = "Something was made that nobody asked for."
  }
}

run "refuses_a_base_of_another_region" {
  command         = plan
  providers       = { aws = aws.virginia }
  expect_failures = [var.base]
}

run "waits_for_no_acknowledgement_unless_asked" {
  command = plan

  assert {
    condition     = length([for one in local.optional_settings : one if one.said && can(one.item.acknowledgement)]) == 0
    error_message = "Keys would wait for somebody's word."
  }
}

run "waits_for_an_acknowledgement_as_it_is_asked_for" {
  command = plan

  variables {
    acknowledgement = { by = "either" }
  }

  assert {
    condition = one([for one in local.optional_settings : one.item.acknowledgement if one.said && can(one.item.acknowledgement)]) == {
      M = { by = { S = "either" }, remindAfterSeconds = { N = "259200" }, atMaximumKeyAge = { S = "hold" } }
    }
    error_message = "The functions would not know how keys are acknowledged."
  }
}

run "refuses_an_acknowledgement_where_the_base_knows_none" {
  command = plan

  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
    }
    acknowledgement = { by = "either" }
  }
  expect_failures = [var.acknowledgement]
}

run "refuses_an_acknowledgement_that_cannot_be" {
  command = plan

  variables {
    acknowledgement = { by = "mail" }
  }
  expect_failures = [var.acknowledgement]
}

run "refuses_another_end_of_an_acknowledgement" {
  command = plan

  variables {
    acknowledgement = { by = "use", at_maximum_key_age = "go-on" }
  }
  expect_failures = [var.acknowledgement]
}

run "refuses_a_reminder_that_comes_too_late" {
  command = plan

  variables {
    acknowledgement = { by = "use", remind_after_days = 90 }
  }
  expect_failures = [var.acknowledgement]
}

run "refuses_a_reminder_at_the_promotion" {
  command = plan

  variables {
    acknowledgement = { by = "use", remind_after_days = 0 }
  }
  expect_failures = [var.acknowledgement]
}

run "says_in_its_settings_where_every_new_key_goes" {
  command = plan

  override_resource {
    target          = aws_iam_user.user
    override_during = plan
    values          = { unique_id = "AIDAEXAMPLE" }
  }
  override_resource {
    target          = aws_secretsmanager_secret.user
    override_during = plan
    values          = { arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.user
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-ci-deployer" }
  }
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [
      { parameter = { name = "/payments/aws-key", kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" } },
      {
        secret = {
          id          = "payments/env"
          fields      = { AWS_ACCESS_KEY_ID = "AccessKeyId", "secret of $${any}" = "SecretAccessKey" }
          kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
        }
      },
      { parameter = { name = "/payments/plain" } },
    ]
  }

  assert {
    condition = jsonencode(jsondecode(aws_dynamodb_table_item.user.item).deliver) == jsonencode({ L = [
      {
        M = {
          kind      = { S = "parameter" }
          name      = { S = "/payments/aws-key" }
          kmsKeyArn = { S = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
        }
      },
      {
        M = {
          kind   = { S = "secret" }
          id     = { S = "payments/env" }
          fields = { M = { AWS_ACCESS_KEY_ID = { S = "AccessKeyId" }, "secret of $${any}" = { S = "SecretAccessKey" } } }
        }
      },
      { M = { kind = { S = "parameter" }, name = { S = "/payments/plain" } } },
    ] })
    error_message = "The functions read other targets: ${aws_dynamodb_table_item.user.item}"
  }
  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.user.policy).Statement : statement if statement.Sid == "Deliveries"
    ]).Condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["delivery#ci-deployer"]
    error_message = "The rotation function may not read what targets hold."
  }
  assert {
    condition     = output.delivery.secret_name == "iam-key-rotation/ci-deployer" && length(output.delivery.deliver) == 3
    error_message = "key-delivery would deliver something else."
  }
}

run "says_nothing_of_targets_unless_asked" {
  command = plan

  override_resource {
    target          = aws_iam_user.user
    override_during = plan
    values          = { unique_id = "AIDAEXAMPLE" }
  }
  override_resource {
    target          = aws_secretsmanager_secret.user
    override_during = plan
    values          = { arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf" }
  }
  override_resource {
    target          = aws_cloudwatch_log_group.user
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-ci-deployer" }
  }

  assert {
    condition     = !can(jsondecode(aws_dynamodb_table_item.user.item).deliver)
    error_message = "The settings have targets that nobody asked for."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.user.policy, "delivery#")
    error_message = "The rotation function may do more than it has to."
  }
}

run "refuses_targets_where_the_base_does_not_look_at_them" {
  command = plan
  variables {
    deliver = [{ parameter = { name = "/payments/aws-key" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_the_name_of_the_delivery_function_where_there_is_one" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    name = "Deliver"
  }
  expect_failures = [var.name]
}

run "refuses_the_name_of_the_function_that_replaces_leaked_keys" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      on_leak               = "replace"
    }
    name = "respond"
  }
  expect_failures = [var.name]
}

run "takes_the_name_of_the_function_that_replaces_leaked_keys_where_there_is_none" {
  command = plan
  variables {
    name = "respond"
  }
}

run "takes_the_name_of_the_delivery_function_where_there_is_none" {
  command = plan
  variables {
    name = "deliver"
  }
}

run "refuses_a_target_of_two_places" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { A = "AccessKeyId" } }, parameter = { name = "/a" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_target_of_no_place" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{}]
  }
  expect_failures = [var.deliver]
}

run "refuses_more_targets_than_a_user_may_have" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [for n in range(11) : { parameter = { name = "/a/${n}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_secret_without_a_name" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a b", fields = { A = "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_secret_of_another_region" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf", fields = { A = "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_secret_of_the_base" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "iam-key-rotation/other", fields = { A = "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_secret_of_the_base_by_its_arn" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/a-AbCdEf", fields = { A = "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_secret_of_which_no_field_is_set" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = {} } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_more_fields_than_a_secret_may_get" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { for n in range(21) : "F${n}" => "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_field_with_a_name_of_blanks" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { " A" = "AccessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_part_that_no_key_has" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { A = "accessKeyId" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_smtp_without_ses" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { A = "SmtpPassword" } } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_key_of_kms_by_its_alias" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ parameter = { name = "/a", kms_key_arn = "alias/mine" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_key_of_kms_of_another_region" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ secret = { id = "a", fields = { A = "AccessKeyId" }, kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_parameter_without_its_path" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ parameter = { name = "payments" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_parameter_of_aws" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ parameter = { name = "/AWS/key" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_parameter_with_more_levels_than_there_are" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ parameter = { name = join("", [for n in range(16) : "/a"]) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_parameter_with_a_longer_name_than_there_is" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ parameter = { name = "/${join("", [for n in range(940) : "a"])}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_service_of_another_region" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      protection            = true
      role_path             = "/"
      log_retention_days    = 365
      per_function_alarms   = true
      runbook_url           = "https://wiki.example.com/runbook"
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
      delivers              = true
    }
    deliver = [{ restart = { ecs_service = "arn:aws:ecs:us-east-1:111122223333:service/payments/api" } }]
  }
  expect_failures = [var.deliver]
}
