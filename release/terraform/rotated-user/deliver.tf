# The build copies this file to rotated-existing-user, too. What stands between `:start` and `:end` is made by `npm run generate`
# from modules/config/schema/deliver.ts and contract/delivery.ts; the other rules are those of modules/config/rules/targets.ts, github-targets.ts, https-targets.ts and allow-private.ts.

variable "deliver" {
  type = list(object({
    # targets:start
    secret         = optional(object({ id = string, fields = map(string), kms_key_arn = optional(string) }))
    parameter      = optional(object({ name = string, kms_key_arn = optional(string) }))
    restart        = optional(object({ ecs_service = string }))
    github_actions = optional(object({ repository = optional(string), environment = optional(string), organization = optional(string), secrets = map(string), token_secret = string, kms_key_arn = optional(string), api_url = optional(string), allow_private = optional(list(string)) }))
    https          = optional(object({ url = string, method = optional(string, "PUT"), idempotent = optional(bool, false), headers = optional(map(string)), json_body = optional(string), text_body = optional(string), token_secret = optional(string), kms_key_arn = optional(string), allow_private = optional(list(string)) }))
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
      length([for place in [target.secret, target.parameter, target.restart, target.github_actions, target.https] : true if place != null]) == 1
    ])
    error_message = "A target is a map with one key: secret, parameter, restart, github_actions or https. Write: deliver = [{ parameter = { name = \"/payments/aws-key\" } }]."
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

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})/[A-Za-z0-9._-]{1,100}$", target.github_actions.repository)) &&
      !can(regex("^[^\\p{C}\\p{Zl}\\p{Zp}]*/\\.{1,2}$", target.github_actions.repository))
      if try(target.github_actions.repository, null) != null
    ])
    error_message = "A repository is named by its owner and its name: owner/name. Write: repository = \"acme/payments\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[^\\p{C}\\s\\p{Z}](?:[^\\p{C}\\p{Zl}\\p{Zp}]{0,253}[^\\p{C}\\s\\p{Z}])?$", target.github_actions.environment))
      if try(target.github_actions.environment, null) != null
    ])
    error_message = "An environment is named by a text of 1 to 255 characters in one line, without blanks at its ends. Write: environment = \"production\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$", target.github_actions.organization))
      if try(target.github_actions.organization, null) != null
    ])
    error_message = "An organization is named as in its URL at GitHub. Write: organization = \"acme\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([for name in keys(target.github_actions.secrets) : can(regex("^[A-Za-z_][A-Za-z0-9_]{0,254}$", name)) && !can(regex("^[Gg][Ii][Tt][Hh][Uu][Bb]_", name))]) &&
      alltrue([for one in values(target.github_actions.secrets) : contains(["AccessKeyId", "SecretAccessKey", "UserName", "AccountId", "CreateDate", "SmtpUserName", "SmtpPassword", "SmtpRegion"], one)])
      if try(target.github_actions.secrets, null) != null
    ])
    error_message = "secrets is a map of up to 20 parts of the key pair, by the names that the secrets have. Write: secrets = { AWS_ACCESS_KEY_ID = \"AccessKeyId\", AWS_SECRET_ACCESS_KEY = \"SecretAccessKey\" }."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", target.github_actions.token_secret))
      if try(target.github_actions.token_secret, null) != null
    ])
    error_message = "A secret is named by its name, or by its whole ARN. Write: token_secret = \"ci/token\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]{1,128}$", target.github_actions.kms_key_arn))
      if try(target.github_actions.kms_key_arn, null) != null
    ])
    error_message = "A KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough. Write: kms_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      try(split(":", target.github_actions.kms_key_arn)[3], "") == data.aws_region.current.id
      if try(target.github_actions.kms_key_arn, null) != null
    ])
    error_message = "The KMS key is in the provider's region."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?(?:/[A-Za-z0-9._-]+)*$", target.github_actions.api_url))
      if try(target.github_actions.api_url, null) != null
    ])
    error_message = "The API of GitHub is an https address without user, query and slash at its end. Write: api_url = \"https://ghe.example.com/api/v3\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      length(target.github_actions.allow_private) >= 1 &&
      length(target.github_actions.allow_private) <= 10 &&
      alltrue([for one in target.github_actions.allow_private : can(regex("^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,44}$", one))])
      if try(target.github_actions.allow_private, null) != null
    ])
    error_message = "allow_private is a list of 1 to 10 hosts and addresses. Write: allow_private = [\"gitlab.internal.example.com\"]."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^https://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?/[A-Za-z0-9\\-._~:/?[\\]@!$&'()*+,;=%]*$", target.https.url)) &&
      length(target.https.url) >= 1 &&
      length(target.https.url) <= 1000
      if try(target.https.url, null) != null
    ])
    error_message = "An address is an https URL with a path, in printable ASCII without braces (%7B and %7D), user and fragment. Write: url = \"https://gitlab.com/api/v4/projects/4711/variables/AWS_SECRET_ACCESS_KEY\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      contains(["PUT", "PATCH", "POST"], target.https.method)
      if try(target.https.method, null) != null
    ])
    error_message = "method is PUT, PATCH or POST. Write: method = \"PUT\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([for name in keys(target.https.headers) : can(regex("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$", name))]) &&
      alltrue([for one in values(target.https.headers) : can(regex("^[!-~](?:[ -~]{0,498}[!-~])?$", one))])
      if try(target.https.headers, null) != null
    ])
    error_message = "headers is a map of up to 10 texts. Write: headers = { Authorization = \"Bearer {token}\" }."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", target.https.token_secret))
      if try(target.https.token_secret, null) != null
    ])
    error_message = "A secret is named by its name, or by its whole ARN. Write: token_secret = \"ci/token\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]{1,128}$", target.https.kms_key_arn))
      if try(target.https.kms_key_arn, null) != null
    ])
    error_message = "A KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough. Write: kms_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      try(split(":", target.https.kms_key_arn)[3], "") == data.aws_region.current.id
      if try(target.https.kms_key_arn, null) != null
    ])
    error_message = "The KMS key is in the provider's region."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      length(target.https.allow_private) >= 1 &&
      length(target.https.allow_private) <= 10 &&
      alltrue([for one in target.https.allow_private : can(regex("^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,44}$", one))])
      if try(target.https.allow_private, null) != null
    ])
    error_message = "allow_private is a list of 1 to 10 hosts and addresses. Write: allow_private = [\"gitlab.internal.example.com\"]."
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
    condition = alltrue([
      for target in var.deliver :
      length(target.github_actions.secrets) >= 1 && length(target.github_actions.secrets) <= 20 if target.github_actions != null
    ])
    error_message = "secrets is a map of 1 to 20 parts of the key pair, by the names that the secrets have."
  }

  validation {
    condition = var.ses_smtp_region != null || alltrue(flatten([
      for target in var.deliver : [
        [
          for parts in concat(target.secret[*].fields, target.github_actions[*].secrets) :
          [for part in values(parts) : !startswith(part, "Smtp")]
        ],
        [
          for place in target.https[*] :
          [for text in concat(try(values(place.headers), []), [place.json_body, place.text_body]) : !can(regex("\\{Smtp[A-Za-z]+\\}", text))]
        ],
      ]
    ]))
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
    condition = alltrue(flatten([
      for target in var.deliver : [
        for id in concat(target.secret[*].id, target.github_actions[*].token_secret, target.https[*].token_secret) :
        !startswith(replace(id, "/^arn:.*:secret:/", ""), "${coalesce(var.base.secret_prefix, var.base.prefix)}/") if id != null
      ]
    ]))
    error_message = "Secrets whose names begin as those of the base do are its own, and only a rotation writes them. Name another secret."
  }

  # Targets outside AWS.

  validation {
    condition = alltrue(flatten([
      for target in var.deliver : [
        for id in concat(target.github_actions[*].token_secret, target.https[*].token_secret) :
        startswith(id, "arn:${data.aws_partition.current.partition}:secretsmanager:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:")
        if try(startswith(id, "arn:"), false)
      ]
    ]))
    error_message = "The secret of a token is in the account and region of the provider. Name a secret there, which holds the token."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      (target.github_actions.repository == null) != (target.github_actions.organization == null) if target.github_actions != null
    ])
    error_message = "Secrets of GitHub Actions are those of a repository, or of an organization: one of the two. Write: repository = \"acme/payments\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      target.github_actions.repository != null if try(target.github_actions.environment, null) != null
    ])
    error_message = "environment is one of a repository, and there is none. Write: repository = \"acme/payments\"."
  }

  validation {
    # An IPv4 address, an IPv6 address, or the host of the target.
    condition = alltrue(flatten([
      for target in var.deliver : [
        for place in concat(
          [for one in target.github_actions[*] : { url = coalesce(one.api_url, "https://api.github.com"), allowed = one.allow_private }],
          [for one in target.https[*] : { url = one.url, allowed = one.allow_private }],
        ) :
        [
          for one in coalesce(place.allowed, []) :
          can(cidrhost("${one}/32", 0)) || can(cidrhost("${one}/128", 0)) || lower(one) == lower(try(regex("^https://([^/:]+)", place.url)[0], ""))
        ]
      ]
    ]))
    error_message = "allow_private names the host of the target, or addresses: no other host is connected to. Write that host."
  }

  validation {
    condition = alltrue(flatten([
      for target in var.deliver : [
        for allowed in concat(target.github_actions[*].allow_private, target.https[*].allow_private) :
        length(distinct(allowed)) == length(allowed) if allowed != null
      ]
    ]))
    error_message = "The values of allow_private differ from each other. Write each once."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      try(tonumber(regex("^https://[^/]*:(\\d+)/", target.https.url)[0]), 0) <= 65535 if target.https != null
    ])
    error_message = "An address has a port of at most 65535."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      !can(regex("(?i)[?&][^=&]{0,100}(?:token|key|secret|password|signature|auth)[^=&]{0,100}=", target.https.url)) if target.https != null
    ])
    error_message = "An address is in the state of Terraform, in logs and in messages, so no token and no key is in its query. Write a header with {token}, such as Authorization = \"Bearer {token}\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      (target.https.method == "POST") == coalesce(target.https.idempotent, false) if target.https != null
    ])
    error_message = "A request that got no answer is sent again, and a POST may then do something twice, unless a person says that it does not: write idempotent = true with method = \"POST\", if that is so, and with no other method; else PUT or PATCH."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      target.https.token_secret != null if try(target.https.kms_key_arn, null) != null
    ])
    error_message = "kms_key_arn is the key of token_secret, and there is none. Write: token_secret = \"ci/token\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      length(target.https.headers) <= 10 && length(distinct([for name in keys(target.https.headers) : lower(name)])) == length(target.https.headers)
      if try(target.https.headers, null) != null
    ])
    error_message = "headers is a map of up to 10 texts, whose names differ in more than case."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([for name in keys(target.https.headers) : !can(regex("(?i)^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$", name))])
      if try(target.https.headers, null) != null
    ])
    error_message = "Headers such as Host and Content-Length follow from the request itself. Take them out of headers."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([
        for name, text in target.https.headers :
        strcontains(text, "{token}") if can(regex("(?i)authorization|token|secret|password|passwd|cookie|api-?key", name))
      ])
      if try(target.https.headers, null) != null
    ])
    error_message = "Headers stand in the state of Terraform, so the value of one that lets somebody in is not written here: it has {token}, which stands for what token_secret holds. Write: Authorization = \"Bearer {token}\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([
        for name, text in target.https.headers :
        !can(regex("(?i)x-www-form-urlencoded", text)) if lower(name) == "content-type"
      ])
      if try(target.https.headers, null) != null
    ])
    error_message = "A form is not sent: the + that a secret access key may have is a blank in it. Write json_body."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      (target.https.token_secret != null) == anytrue([for text in try(values(target.https.headers), []) : strcontains(text, "{token}")])
      if target.https != null
    ])
    error_message = "{token} in a header stands for what token_secret holds: one is there with the other. Write: headers = { Authorization = \"Bearer {token}\" } and token_secret = \"ci/token\"."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      alltrue([
        for name in flatten([for text in values(target.https.headers) : regexall("\\{([A-Za-z]+)\\}", text)]) :
        contains(["AccessKeyId", "SecretAccessKey", "UserName", "AccountId", "CreateDate", "SmtpUserName", "SmtpPassword", "SmtpRegion", "token"], name)
      ])
      if try(target.https.headers, null) != null
    ])
    error_message = "There is no part of the key pair of the name of a placeholder in headers: {AccessKeyId}, {SecretAccessKey}, {UserName}, {AccountId}, {CreateDate}, {SmtpUserName}, {SmtpPassword} and {SmtpRegion} are there, and {token}."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      (target.https.json_body == null) != (target.https.text_body == null) if target.https != null
    ])
    error_message = "What is sent is json_body or text_body: one of the two. Write: json_body = jsonencode({ value = \"{SecretAccessKey}\" })."
  }

  validation {
    # In characters, as it is stored; and 20 maps and lists in each other, once all texts are taken out.
    condition = alltrue([
      for target in var.deliver :
      can(keys(jsondecode(target.https.json_body))) &&
      try(length(regexall("(?s).", jsonencode(jsondecode(target.https.json_body)))) <= 8000, false) &&
      can(regex(
        "^${join("", [for level in range(20) : "[\\[{](?:[^\\[\\]{}]|"])}[^\\[\\]{}]${join("", [for level in range(20) : ")*[\\]}]"])}$",
        replace(try(jsonencode(jsondecode(target.https.json_body)), ""), "/\"(?:[^\"\\\\]|\\\\.)*\"/", "text")
      ))
      if try(target.https.json_body, null) != null
    ])
    error_message = "json_body is the JSON of a map, of up to 8000 characters and 20 levels. Write: json_body = jsonencode({ value = \"{SecretAccessKey}\" })."
  }

  validation {
    # A name ends with a quotation mark and a colon.
    condition = alltrue([
      for target in var.deliver :
      !can(regex("\\{[A-Za-z]+\\}(?:[^\"\\\\]|\\\\.)*\":", jsonencode(jsondecode(target.https.json_body))))
      if try(target.https.json_body, null) != null
    ])
    error_message = "The names in json_body have no placeholders: only its values do. Write: json_body = jsonencode({ value = \"{SecretAccessKey}\" })."
  }

  validation {
    condition = alltrue([
      for target in var.deliver :
      can(regex("\\S", target.https.text_body)) &&
      can(regex("^[\\P{Cc}\\n\\t]+$", target.https.text_body)) &&
      length(regexall("(?s).", target.https.text_body)) <= 8000
      if try(target.https.text_body, null) != null
    ])
    error_message = "text_body is a text of up to 8000 characters, without control characters but ends of lines and tabs. Write: text_body = \"{SecretAccessKey}\"."
  }

  validation {
    condition = alltrue(flatten([
      for target in var.deliver : [
        for body in concat(target.https[*].json_body, target.https[*].text_body) :
        length(regexall("\\{([A-Za-z]+)\\}", body)) > 0 &&
        alltrue([for name in flatten(regexall("\\{([A-Za-z]+)\\}", body)) : contains(["AccessKeyId", "SecretAccessKey", "UserName", "AccountId", "CreateDate", "SmtpUserName", "SmtpPassword", "SmtpRegion"], name)])
        if body != null
      ]
    ]))
    error_message = "A body has a part of the key pair, {AccessKeyId}, {SecretAccessKey}, {UserName}, {AccountId}, {CreateDate}, {SmtpUserName}, {SmtpPassword} or {SmtpRegion}, and no other placeholder: {token} stands in headers alone. Write: json_body = jsonencode({ value = \"{SecretAccessKey}\" })."
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
      [for place in target.github_actions[*] : { M = { for name, value in {
        kind         = { S = "githubActions" }
        repository   = try(place.repository, null) == null ? null : { S = place.repository }
        environment  = try(place.environment, null) == null ? null : { S = place.environment }
        organization = try(place.organization, null) == null ? null : { S = place.organization }
        secrets      = { M = { for one, value_of_one in place.secrets : one => { S = value_of_one } } }
        tokenSecret  = { S = place.token_secret }
        apiUrl       = try(place.api_url, null) == null ? null : { S = place.api_url }
        allowPrivate = try(place.allow_private, null) == null ? null : { L = [for one in place.allow_private : { S = one }] }
      } : name => value if value != null } }],
      [for place in target.https[*] : { M = { for name, value in {
        kind         = { S = "https" }
        url          = { S = place.url }
        method       = { S = place.method }
        headers      = try(place.headers, null) == null ? null : { M = { for one, value_of_one in place.headers : one => { S = value_of_one } } }
        body         = { M = { format = { S = place.json_body == null ? "text" : "json" }, template = { S = place.json_body == null ? place.text_body : jsonencode(jsondecode(place.json_body)) } } }
        tokenSecret  = try(place.token_secret, null) == null ? null : { S = place.token_secret }
        allowPrivate = try(place.allow_private, null) == null ? null : { L = [for one in place.allow_private : { S = one }] }
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
