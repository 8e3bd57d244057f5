import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';

/** A variable of a module, as its README and its Terraform say it. */
export interface Variable {
  /** Type constraint: `list(string)`. */
  readonly type: string;
  readonly description: string;
  /** Undefined: the variable is required. Null: it may be left out, and is null then. */
  readonly default?: unknown;
  readonly validations?: readonly Validation[];
}

export interface Validation {
  /** An expression of Terraform that is true if the value is good. */
  readonly condition: string;
  /** The rule and the remedy: Terraform shows the value itself. Whole sentences. */
  readonly message: string;
}

export type Variables = Readonly<Record<string, Variable>>;

/** Of a variable that names a customer key, and may be left out. */
export const keyArnRule = (variable: string): Validation => ({
  condition: `var.${variable} == null || can(regex("^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/", var.${variable}))`,
  message: 'A key is named by its ARN, not by an alias, because policies take no alias.',
});

/** @returns the variables by the same names */
export function addVariables<Name extends string>(
  scope: Construct,
  all: Readonly<Record<Name, Variable>>,
): Readonly<Record<Name, TerraformVariable>> {
  // A scope of their own: an output may be called as a variable is.
  const variables = new Construct(scope, 'Variables');
  const made: Partial<Record<Name, TerraformVariable>> = {};
  for (const name of Object.keys(all) as Name[]) {
    const { type, description, validations = [], ...rest } = all[name];
    const isOptional = rest.default !== undefined;
    const variable = new TerraformVariable(variables, name, {
      type,
      description,
      // What is optional and not null has its default also where null is passed on.
      nullable: isOptional && rest.default === null,
      default: rest.default ?? undefined,
      validation: validations.map(({ condition, message }) => ({
        condition: `\${${condition}}`,
        errorMessage: message,
      })),
    });
    variable.overrideLogicalId(name);
    made[name] = variable;
  }
  return made as Record<Name, TerraformVariable>;
}
