# terraform init && terraform test: targets outside AWS, what is planned, and what is refused. AWS is not called.

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
  name = "ci-deployer"
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
    deliver = [
      {
        github_actions = {
          repository    = "acme/payments"
          environment   = "production"
          secrets       = { AWS_ACCESS_KEY_ID = "AccessKeyId", aws_secret = "SecretAccessKey" }
          token_secret  = "ci/token"
          kms_key_arn   = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
          api_url       = "https://ghe.example.com/api/v3"
          allow_private = ["GHE.example.com", "10.1.2.3", "::1"]
        }
      },
      { github_actions = { organization = "acme", secrets = { ID = "AccessKeyId" }, token_secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/token-AbCdEf" } },
      {
        https = {
          url           = "https://[::1]:8443/variables/1?scope=*"
          method        = "POST"
          idempotent    = true
          headers       = { Authorization = "Bearer {token}", X-Id = "{AccessKeyId}" }
          json_body     = jsonencode({ value = "{SecretAccessKey}", more = [{ of = "<it>" }, 1, true, null] })
          token_secret  = "ci/other"
          allow_private = ["::1"]
        }
      },
      { https = { url = "https://example.com/plain", text_body = "id={AccessKeyId}\nno {placeholder }" } },
    ]
  }

  assert {
    condition = jsonencode(jsondecode(aws_dynamodb_table_item.user.item).deliver) == jsonencode({ L = [
      {
        M = {
          kind         = { S = "githubActions" }
          repository   = { S = "acme/payments" }
          environment  = { S = "production" }
          secrets      = { M = { AWS_ACCESS_KEY_ID = { S = "AccessKeyId" }, aws_secret = { S = "SecretAccessKey" } } }
          tokenSecret  = { S = "ci/token" }
          apiUrl       = { S = "https://ghe.example.com/api/v3" }
          allowPrivate = { L = [{ S = "GHE.example.com" }, { S = "10.1.2.3" }, { S = "::1" }] }
        }
      },
      {
        M = {
          kind         = { S = "githubActions" }
          organization = { S = "acme" }
          secrets      = { M = { ID = { S = "AccessKeyId" } } }
          tokenSecret  = { S = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/token-AbCdEf" }
        }
      },
      {
        M = {
          kind         = { S = "https" }
          url          = { S = "https://[::1]:8443/variables/1?scope=*" }
          method       = { S = "POST" }
          headers      = { M = { Authorization = { S = "Bearer {token}" }, X-Id = { S = "{AccessKeyId}" } } }
          body         = { M = { format = { S = "json" }, template = { S = jsonencode({ value = "{SecretAccessKey}", more = [{ of = "<it>" }, 1, true, null] }) } } }
          tokenSecret  = { S = "ci/other" }
          allowPrivate = { L = [{ S = "::1" }] }
        }
      },
      {
        M = {
          kind   = { S = "https" }
          url    = { S = "https://example.com/plain" }
          method = { S = "PUT" }
          body   = { M = { format = { S = "text" }, template = { S = "id={AccessKeyId}\nno {placeholder }" } } }
        }
      },
    ] })
    error_message = "The functions read other targets: ${aws_dynamodb_table_item.user.item}"
  }
}

run "takes_a_body_of_20_levels_and_smtp_where_there_is_some" {
  command = plan
  variables {
    ses_smtp_region = "eu-west-1"
    deliver = [{
      https = {
        url       = "https://example.com/a"
        json_body = "{\"a\":${join("", [for n in range(19) : "["])}\"{SmtpPassword} ]]} \\\" [[\"${join("", [for n in range(19) : "]"])}}"
      }
    }]
  }
}

run "refuses_secrets_of_nobody" {
  command = plan
  variables {
    deliver = [{ github_actions = { secrets = { A = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_secrets_of_a_repository_and_of_an_organization" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", organization = "acme", secrets = { A = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_environment_of_no_repository" {
  command = plan
  variables {
    deliver = [{ github_actions = { organization = "acme", environment = "production", secrets = { A = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_repository_without_its_owner" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "payments", secrets = { A = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_repository_that_is_a_folder" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/..", secrets = { A = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_name_that_is_of_github_itself" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { github_TOKEN = "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_secrets_without_any" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = {}, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_more_secrets_than_a_target_may_have" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { for n in range(21) : "S${n}" => "AccessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_part_that_no_key_has_in_a_secret_of_github" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "accessKeyId" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_smtp_without_ses_in_a_secret_of_github" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "SmtpPassword" }, token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_token_of_another_region" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_token_that_is_a_secret_of_the_base" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "iam-key-rotation/other" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_key_of_kms_of_another_region_for_a_token" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "ci/token", kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_api_without_https" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "ci/token", api_url = "http://ghe.example.com" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_another_host_that_may_be_private" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "ci/token", allow_private = ["ghe.example.com"] } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_host_twice_that_may_be_private" {
  command = plan
  variables {
    deliver = [{ github_actions = { repository = "acme/payments", secrets = { A = "AccessKeyId" }, token_secret = "ci/token", allow_private = ["10.1.2.3", "10.1.2.3"] } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_network_that_may_be_private" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }), allow_private = ["10.0.0.0/8"] } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_without_https" {
  command = plan
  variables {
    deliver = [{ https = { url = "http://example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_with_a_user" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://a:b@example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_with_a_placeholder" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/{AccessKeyId}", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_with_a_token_in_its_query" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a?access_token=abc", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_with_a_port_that_there_is_not" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com:65536/a", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_another_method" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", method = "GET", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_post_of_which_nobody_says_that_it_may_be_sent_twice" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", method = "POST", json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_words_about_a_post_where_there_is_none" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", idempotent = true, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_header_that_is_a_secret" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { Authorization = "Bearer abc" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_header_that_follows_from_the_request" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { Host = "example.com" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_headers_that_differ_only_in_case" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { X-A = "a", x-a = "b" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_more_headers_than_a_target_may_have" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { for n in range(11) : "X-${n}" => "a" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_header_of_two_lines" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { X-A = "a\nb" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_form" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { Content-Type = "application/x-www-form-urlencoded" }, text_body = "a={AccessKeyId}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_header_with_a_placeholder_that_there_is_not" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { X-A = "{accessKeyId}" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_header_with_a_token_that_there_is_not" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { Authorization = "{token}" }, json_body = jsonencode({ value = "{SecretAccessKey}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_token_that_no_header_has" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }), token_secret = "ci/token" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_key_of_kms_without_a_token" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }), kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_an_address_that_gets_nothing" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", method = "PUT" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_in_two_formats" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ value = "{SecretAccessKey}" }), text_body = "{AccessKeyId}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_that_is_no_json" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = "{AccessKeyId}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_that_is_no_map" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode(["{AccessKeyId}"]) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_of_21_levels" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = "{\"a\":${join("", [for n in range(20) : "["])}\"{AccessKeyId}\"${join("", [for n in range(20) : "]"])}}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_longer_body_than_is_stored" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ a = "{AccessKeyId}", b = join("", [for n in range(1000) : "ab cd ef"]) }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_name_in_a_body_with_a_placeholder" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ "a {AccessKeyId} \"b" = "{AccessKeyId}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_without_a_part_of_the_key" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", json_body = jsonencode({ a = "b" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_with_the_token" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", headers = { Authorization = "{token}" }, token_secret = "ci/token", json_body = jsonencode({ a = "{AccessKeyId} {token}" }) } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_body_with_a_placeholder_that_there_is_not" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", text_body = "{AccessKeyId} {secret}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_smtp_without_ses_in_a_body" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", text_body = "{SmtpPassword}" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_text_with_control_characters" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", text_body = "{AccessKeyId}\u0007" } }]
  }
  expect_failures = [var.deliver]
}

run "refuses_a_longer_text_than_is_stored" {
  command = plan
  variables {
    deliver = [{ https = { url = "https://example.com/a", text_body = "{AccessKeyId}${join("", [for n in range(1000) : "ab cd ef"])}" } }]
  }
  expect_failures = [var.deliver]
}
