# What may be null is optional: Terraform keeps no output that is null, so a `base` with a state of its own has no such attribute.
variable "base" {
  type = object({
    name                     = string
    prefix                   = string
    table_name               = string
    table_arn                = string
    role_path                = string
    permissions_boundary_arn = optional(string)
    log_retention_days       = number
    log_kms_key_arn          = optional(string)
    function_runtime         = string
    function_architecture    = string
    secret_prefix            = optional(string)
    vpc                      = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
    delivers                 = optional(bool)
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

  validation {
    condition     = coalesce(var.base.delivers, false)
    error_message = "Without delivers, the base does not look at what targets hold, and would retire keys that are in use there. Write in the module base: delivers = true."
  }

  validation {
    # The longest name is that of a role, <prefix>-deliver-schedule.
    condition     = length(var.base.prefix) <= 48
    error_message = "The names of the delivery function's roles and rules have room for a prefix of at most 48 characters. Choose a shorter one for the base."
  }
}

variable "users" {
  type = list(object({
    name        = string
    secret_name = string
    kms_key_arn = optional(string)
    deliver = list(object({
      # targets:start
      secret         = optional(object({ id = string, fields = map(string), kms_key_arn = optional(string) }))
      parameter      = optional(object({ name = string, kms_key_arn = optional(string) }))
      restart        = optional(object({ ecs_service = string }))
      github_actions = optional(object({ repository = optional(string), environment = optional(string), organization = optional(string), secrets = map(string), token_secret = string, kms_key_arn = optional(string), api_url = optional(string), allow_private = optional(list(string)) }))
      https          = optional(object({ url = string, method = optional(string, "PUT"), idempotent = optional(bool, false), headers = optional(map(string)), json_body = optional(string), text_body = optional(string), token_secret = optional(string), kms_key_arn = optional(string), allow_private = optional(list(string)) }))
      # targets:end
    }))
  }))
  description = "The output `delivery` of every user of the base that has `deliver`: `[module.mailer.delivery]`. Of users without targets, nothing is done."
  nullable    = false

  validation {
    condition     = length(distinct(var.users[*].name)) == length(var.users)
    error_message = "A user of the base stands once in users. Write: users = [module.mailer.delivery, module.deployer.delivery]."
  }

  validation {
    condition = alltrue([
      for user in var.users :
      startswith(user.secret_name, "${coalesce(var.base.secret_prefix, var.base.prefix)}/")
    ])
    error_message = "A user of another base is in users. Each base has a key-delivery of its own."
  }
}
