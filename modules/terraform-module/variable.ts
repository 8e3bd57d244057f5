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

export function addVariables(scope: Construct, all: Variables): ReadonlyMap<string, TerraformVariable> {
  // A scope of their own: an output may be called as a variable is.
  const variables = new Construct(scope, 'Variables');
  const made = new Map<string, TerraformVariable>();
  for (const [name, { type, description, validations = [], ...rest }] of Object.entries(all)) {
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
    made.set(name, variable);
  }
  return made;
}
