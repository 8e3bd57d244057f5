# What may be null is optional: Terraform keeps no output that is null, so a `base` with a state of its own has no such attribute.
variable "base" {
  type = object({
    name                      = string
    prefix                    = string
    table_name                = string
    table_arn                 = string
    role_path                 = string
    permissions_boundary_arn  = optional(string)
    log_retention_days        = number
    log_kms_key_arn           = optional(string)
    function_runtime          = string
    function_architecture     = string
    vpc                       = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
    delivers                  = optional(bool)
    on_leak                   = string
    notification_function_arn = string
  })
  description = "The module `base` of the same account and region: `base = module.base`; where it has a state of its own, all its outputs. What is done about a leak its variable `on_leak` says."
  nullable    = false

  validation {
    condition = (
      split(":", var.base.table_arn)[3] == data.aws_region.current.id &&
      split(":", var.base.table_arn)[4] == data.aws_caller_identity.current.account_id
    )
    error_message = "The base is in another region or account than the provider aws of this module. Give both the same provider."
  }
}
