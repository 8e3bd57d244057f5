# terraform init && terraform test: what is planned, and what is refused. AWS is not called.

mock_provider "aws" {}

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
    name = "ends-abc123"
  }
  expect_failures = [var.name]
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
  }
  expect_failures = [
    var.user_name, var.path, var.readers, var.kms_key_arn, var.secret_recovery_days, var.take_over, var.owner
  ]
}
