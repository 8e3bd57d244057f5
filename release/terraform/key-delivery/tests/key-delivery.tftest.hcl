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
  mock_resource "aws_cloudwatch_log_group" {
    override_during = plan
    defaults        = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/iam-key-rotation-deliver" }
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

variables {
  base = {
    name                  = "production"
    prefix                = "iam-key-rotation"
    table_name            = "iam-key-rotation"
    table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
    role_path             = "/"
    log_retention_days    = 365
    function_runtime      = "nodejs22.x"
    function_architecture = "x86_64"
    delivers              = true
  }
  users = [
    {
      name        = "payments"
      secret_name = "iam-key-rotation/payments"
      deliver = [
        { secret = { id = "payments/env", fields = { KEY = "AccessKeyId" } } },
        { parameter = { name = "/payments/aws-key" } },
      ]
    },
  ]
}

run "reads_the_secrets_and_writes_the_targets_and_nothing_else" {
  command = plan

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deliver.policy).Statement : statement.Sid => statement.Resource
      if contains(["ReadSecrets", "SecretTargets", "ParameterTargets"], statement.Sid)
      } == {
      ReadSecrets      = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/payments-??????"]
      SecretTargets    = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/env-??????"]
      ParameterTargets = ["arn:aws:ssm:eu-west-1:111122223333:parameter/payments/aws-key"]
    }
    error_message = "The function reaches something else: ${aws_iam_role_policy.deliver.policy}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.deliver.policy, "kms")
    error_message = "A key is named where AWS's own encrypts, which needs no permission."
  }
  assert {
    condition     = output.function_name == "iam-key-rotation-deliver" && aws_lambda_function.deliver.architectures == tolist(["x86_64"])
    error_message = "The function is called otherwise, or runs on something else."
  }
  assert {
    condition     = aws_scheduler_schedule.deliver.target[0].input == "{\"deliver\":\"all\"}"
    error_message = "What an event missed is not delivered later."
  }
}

run "uses_the_keys_that_encrypt_and_admits_a_secret_by_its_arn" {
  command = plan

  variables {
    users = [
      {
        name        = "mailer"
        secret_name = "iam-key-rotation/mailer"
        kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/own"
        deliver = [
          {
            secret = {
              id          = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mail/env-AbCdEf"
              fields      = { KEY = "AccessKeyId" }
              kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/theirs"
            }
          },
          { parameter = { name = "/mail/key", kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/parameters" } },
          { parameter = { name = "/mail/second", kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/parameters" } },
        ]
      },
      { name = "without", secret_name = "iam-key-rotation/without", deliver = [] },
    ]
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deliver.policy).Statement : statement.Sid => statement.Resource
      if strcontains(statement.Sid, "crypt") || statement.Sid == "SecretTargets"
      } == {
      DecryptSecrets          = ["arn:aws:kms:eu-west-1:111122223333:key/own"]
      SecretTargets           = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:mail/env-AbCdEf"]
      EncryptSecretTargets    = ["arn:aws:kms:eu-west-1:111122223333:key/theirs"]
      EncryptParameterTargets = ["arn:aws:kms:eu-west-1:111122223333:key/parameters"]
    }
    error_message = "The function uses other keys: ${aws_iam_role_policy.deliver.policy}"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.deliver.policy, "without")
    error_message = "The function reads the secret of a user that has no targets."
  }
}

run "names_the_secrets_of_very_many_users_by_what_they_begin_with" {
  command = plan

  variables {
    users = [for n in range(60) : {
      name        = "user-${n}"
      secret_name = "iam-key-rotation/user-${n}"
      deliver     = [{ parameter = { name = "/keys/${n}" } }]
    }]
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.deliver.policy).Statement : statement.Resource if statement.Sid == "ReadSecrets"
    ]) == ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/*"]
    error_message = "IAM would refuse the policy for its length."
  }
}

run "may_be_there_before_any_user_has_targets" {
  command = plan

  variables {
    users = []
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.deliver.policy).Statement[0].Sid == "FindUsers"
    error_message = "A statement without a resource is refused."
  }
}

run "refuses_two_users_that_would_write_over_each_other" {
  command = plan

  variables {
    users = [
      { name = "a", secret_name = "iam-key-rotation/a", deliver = [{ secret = { id = "env", fields = { KEY = "AccessKeyId" } } }] },
      {
        name        = "b"
        secret_name = "iam-key-rotation/b"
        deliver     = [{ secret = { id = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:env-AbCdEf", fields = { KEY = "AccessKeyId" } } }]
      },
    ]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "refuses_a_user_that_fills_one_secret_by_two_entries" {
  command = plan

  variables {
    users = [
      {
        name        = "a"
        secret_name = "iam-key-rotation/a"
        deliver     = [for field in ["A", "B"] : { secret = { id = "env", fields = { (field) = "AccessKeyId" } } }]
      },
    ]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "refuses_a_user_that_delivers_twice_to_one_parameter" {
  command = plan

  variables {
    users = [
      { name = "a", secret_name = "iam-key-rotation/a", deliver = [{ parameter = { name = "/a" } }, { parameter = { name = "/a" } }] },
    ]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "takes_two_users_that_fill_different_fields_of_a_secret" {
  command = plan

  variables {
    users = [
      { name = "a", secret_name = "iam-key-rotation/a", deliver = [{ secret = { id = "env", fields = { A = "AccessKeyId" } } }] },
      { name = "b", secret_name = "iam-key-rotation/b", deliver = [{ secret = { id = "env", fields = { B = "AccessKeyId" } } }] },
    ]
  }
}

run "refuses_a_user_of_another_base" {
  command = plan
  variables {
    users = [{ name = "a", secret_name = "other/a", deliver = [] }]
  }
  expect_failures = [var.users]
}

run "refuses_a_user_that_stands_there_twice" {
  command = plan
  variables {
    users = [for n in range(2) : { name = "a", secret_name = "iam-key-rotation/a", deliver = [] }]
  }
  expect_failures = [var.users]
}

run "refuses_a_base_that_would_retire_what_targets_hold" {
  command = plan
  variables {
    base = {
      name                  = "production"
      prefix                = "iam-key-rotation"
      table_name            = "iam-key-rotation"
      table_arn             = "arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation"
      role_path             = "/"
      log_retention_days    = 365
      function_runtime      = "nodejs22.x"
      function_architecture = "arm64"
    }
  }
  expect_failures = [var.base]
}

run "refuses_more_targets_than_the_policy_of_a_role_has_room_for" {
  command = plan
  variables {
    users = [for n in range(20) : {
      name        = "user-${n}"
      secret_name = "iam-key-rotation/user-${n}"
      deliver     = [for m in range(10) : { parameter = { name = "/keys/${n}/${m}" } }]
    }]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "restarts_a_service_in_which_two_users_have_their_keys" {
  command = plan
  variables {
    users = [for name in ["a", "b"] : {
      name        = name
      secret_name = "iam-key-rotation/${name}"
      deliver     = [{ restart = { ecs_service = "arn:aws:ecs:eu-west-1:111122223333:service/payments/api" } }]
    }]
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.deliver.policy).Statement : statement.Resource if statement.Sid == "RestartServices"
    ]) == ["arn:aws:ecs:eu-west-1:111122223333:service/payments/api"]
    error_message = "The function may not restart the service, or may restart another."
  }
}

run "reads_the_tokens_that_let_it_in_outside_aws" {
  command = plan
  variables {
    users = [
      {
        name        = "a"
        secret_name = "iam-key-rotation/a"
        deliver = [
          { github_actions = { repository = "acme/a", secrets = { KEY = "AccessKeyId" }, token_secret = "ci/token" } },
          {
            https = {
              url          = "https://example.com/a"
              headers      = { Authorization = "{token}" }
              json_body    = jsonencode({ a = "{AccessKeyId}" })
              token_secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/other-AbCdEf"
              kms_key_arn  = "arn:aws:kms:eu-west-1:111122223333:key/tokens"
            }
          },
          { https = { url = "https://example.com/b", text_body = "{AccessKeyId}" } },
        ]
      },
      {
        name        = "b"
        secret_name = "iam-key-rotation/b"
        deliver     = [{ github_actions = { repository = "acme/a", secrets = { OTHER = "AccessKeyId" }, token_secret = "ci/token" } }]
      },
    ]
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deliver.policy).Statement : statement.Sid => [statement.Action, statement.Resource]
      if endswith(statement.Sid, "Tokens")
      } == {
      ReadTokens = [
        "secretsmanager:GetSecretValue",
        ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/token-??????", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/other-AbCdEf"],
      ]
      DecryptTokens = ["kms:Decrypt", ["arn:aws:kms:eu-west-1:111122223333:key/tokens"]]
    }
    error_message = "The function reads other tokens: ${aws_iam_role_policy.deliver.policy}"
  }
}

run "refuses_two_users_with_one_secret_of_github" {
  command = plan
  variables {
    users = [for name, repository in { a = "acme/x", b = "ACME/X" } : {
      name        = name
      secret_name = "iam-key-rotation/${name}"
      deliver     = [{ github_actions = { repository = repository, secrets = { (name == "a" ? "key" : "KEY") = "AccessKeyId" }, token_secret = "ci/token" } }]
    }]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "refuses_a_user_with_one_place_of_github_in_two_targets" {
  command = plan
  variables {
    users = [{
      name        = "a"
      secret_name = "iam-key-rotation/a"
      deliver     = [for name in ["ONE", "TWO"] : { github_actions = { organization = "acme", secrets = { (name) = "AccessKeyId" }, token_secret = "ci/token" } }]
    }]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "takes_the_secrets_of_a_repository_and_of_its_environments" {
  command = plan
  variables {
    users = [{
      name        = "a"
      secret_name = "iam-key-rotation/a"
      deliver     = [for environment in [null, "one", "two"] : { github_actions = { repository = "acme/a", environment = environment, secrets = { KEY = "AccessKeyId" }, token_secret = "ci/token" } }]
    }]
  }
}

run "refuses_two_users_with_one_address" {
  command = plan
  variables {
    users = [for name in ["a", "b"] : {
      name        = name
      secret_name = "iam-key-rotation/${name}"
      deliver     = [{ https = { url = "https://example.com/a", text_body = "{AccessKeyId}" } }]
    }]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}

run "refuses_more_tokens_than_the_policy_of_a_role_has_room_for" {
  command = plan
  variables {
    users = [for n in range(10) : {
      name        = "user-${n}"
      secret_name = "iam-key-rotation/user-${n}"
      deliver     = [for m in range(10) : { github_actions = { repository = "acme/${n}-${m}", secrets = { KEY = "AccessKeyId" }, token_secret = "ci/token-${n}-${m}" } }]
    }]
  }
  expect_failures = [aws_iam_role_policy.deliver]
}
