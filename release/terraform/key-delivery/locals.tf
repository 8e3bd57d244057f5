# What main.tf.json, which is generated, takes from the variables.
locals {
  # A base of an earlier version has none.
  secret_prefix = coalesce(var.base.secret_prefix, var.base.prefix)

  arn_of_secret    = "arn:${data.aws_partition.current.partition}:secretsmanager:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:secret:"
  arn_of_parameter = "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter"

  users   = [for user in var.users : user if length(user.deliver) > 0]
  targets = flatten(local.users[*].deliver)
}

# What the function reaches, as modules/key-delivery/policies.ts has it where the users are known; a test compares them.
locals {
  # Each by its name; where they are too many, by what the names of the base's secrets begin with.
  secret_of_each  = [for user in local.users : "${local.arn_of_secret}${user.secret_name}-??????"]
  secrets         = tolist(length(join(",", local.secret_of_each)) <= 4000 ? local.secret_of_each : ["${local.arn_of_secret}${local.secret_prefix}/*"])
  keys_of_secrets = distinct([for user in local.users : user.kms_key_arn if user.kms_key_arn != null])

  # Secrets Manager ends ARNs with a hyphen and six characters.
  secret_targets = distinct([
    for target in local.targets :
    startswith(target.secret.id, "arn:") ? target.secret.id : "${local.arn_of_secret}${target.secret.id}-??????"
    if target.secret != null
  ])
  keys_of_secret_targets = distinct([
    for target in local.targets : target.secret.kms_key_arn if try(target.secret.kms_key_arn, null) != null
  ])

  parameter_targets = distinct([
    for target in local.targets : "${local.arn_of_parameter}${target.parameter.name}" if target.parameter != null
  ])
  keys_of_parameter_targets = distinct([
    for target in local.targets : target.parameter.kms_key_arn if try(target.parameter.kms_key_arn, null) != null
  ])
}

# Tokens, which let the function in at targets outside AWS.
locals {
  token_secrets = flatten([
    for target in local.targets : [
      [for place in target.github_actions[*] : { id = place.token_secret, kms_key_arn = place.kms_key_arn }],
      [for place in target.https[*] : { id = place.token_secret, kms_key_arn = place.kms_key_arn } if place.token_secret != null],
    ]
  ])
  tokens = distinct([
    for token in local.token_secrets : startswith(token.id, "arn:") ? token.id : "${local.arn_of_secret}${token.id}-??????"
  ])
  keys_of_tokens = distinct([for token in local.token_secrets : token.kms_key_arn if token.kms_key_arn != null])
}

locals {
  services = distinct([for target in local.targets : target.restart.ecs_service if target.restart != null])
}

# Two users, or two entries of one, would write over each other for ever. But two users may have their keys in one service.
locals {
  # GitHub takes owners, repositories and names of secrets that differ only in case for the same. The secrets of one place are one target.
  github_places = flatten([
    for user in local.users : [
      for target in user.deliver : [
        for place in target.github_actions[*] : {
          user    = user.name
          secrets = keys(place.secrets)
          name = join("", [
            "GitHub secrets of ",
            lower(place.repository != null ? place.repository : "organization ${coalesce(place.organization, "-")}"),
            place.environment == null ? "" : ", environment ${place.environment}",
            coalesce(place.api_url, "https://api.github.com") == "https://api.github.com" ? "" : " at ${place.api_url}",
          ])
        }
      ]
    ]
  ])
  places = concat(
    [for place in local.github_places : "${place.name} for ${place.user}"],
    flatten([for place in local.github_places : [for name in place.secrets : "secret ${upper(name)} of ${place.name}"]]),
    [for target in local.targets : "address ${target.https.url}" if target.https != null],
    # The fields of one secret are one target, too.
    flatten([
      for user in local.users : [
        for target in user.deliver :
        "secret ${replace(target.secret.id, "/^arn:.*:secret:(.*)-[A-Za-z0-9]{6}$/", "$1")} for ${user.name}" if target.secret != null
      ]
    ]),
    flatten([
      for user in local.users : [
        for target in user.deliver : "service ${target.restart.ecs_service} for ${user.name}" if target.restart != null
      ]
    ]),
    [for target in local.targets : "parameter ${target.parameter.name}" if target.parameter != null],
    flatten([
      for target in local.targets : [
        for field in keys(target.secret.fields) :
        "field ${field} of secret ${replace(target.secret.id, "/^arn:.*:secret:(.*)-[A-Za-z0-9]{6}$/", "$1")}"
      ] if target.secret != null
    ]),
  )
  twins        = distinct([for place in local.places : place if length([for other in local.places : other if other == place]) > 1])
  has_no_twins = length(local.twins) == 0
  # An address may hold a secret.
  shown_twins      = distinct([for twin in local.twins : startswith(twin, "address ") ? "one address" : twin])
  twins_in_a_place = "One key goes to one place, and more than one is to go to ${join(", ", local.shown_twins)}. Write another place in deliver, or only one of them."
}

# IAM takes 10,240 characters for all policies of a role: so many are left for these, each of which stands twice where a customer key
# encrypts. A test holds the number to the rest of the policy.
locals {
  reached = flatten([
    local.secrets, length(local.keys_of_secrets) > 0 ? local.secrets : [], local.keys_of_secrets,
    local.secret_targets, length(local.keys_of_secret_targets) > 0 ? local.secret_targets : [], local.keys_of_secret_targets,
    local.parameter_targets, length(local.keys_of_parameter_targets) > 0 ? local.parameter_targets : [], local.keys_of_parameter_targets,
    local.services,
    local.tokens, length(local.keys_of_tokens) > 0 ? local.tokens : [], local.keys_of_tokens,
  ])
  most_characters = 5550
  characters      = length(jsonencode(local.reached))
  has_room        = local.characters <= local.most_characters
  no_room         = "The role of the delivery function has room for ${local.most_characters} characters of ARNs, and those of the secrets, targets and keys of these users have ${local.characters}. Divide the users among several bases, or deliver to fewer places."
}
