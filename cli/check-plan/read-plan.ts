import { readFileSync } from 'node:fs';

import * as z from 'zod';

/** One resource instance in a plan, as far as it is judged. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  /** Why Terraform replaces or deletes it, where it says so: `replace_because_cannot_update`. */
  readonly reason?: string;
}

/** A `check` block as it came out while Terraform planned, once for each instance of its module. */
export interface PlannedCheck {
  /** Without the module's path. */
  readonly name: string;
  /** `module.keys["a"]`; absent in the root module. */
  readonly module?: string | undefined;
  readonly status: string;
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly checks: readonly PlannedCheck[];
}

/** https://developer.hashicorp.com/terraform/internals/json-format */
const planSchema = z.object({
  format_version: z.string().regex(/^1\./, 'only version 1 of the format is known'),
  /** Every plan has them; a state, and what other commands print, has not, and would pass for a plan without changes. */
  planned_values: z.looseObject(
    {},
    'is missing: this is the JSON of a state, or of another command than show',
  ),
  /** Terraform could not finish planning, so what is missing is not known. */
  errored: z.boolean().optional(),
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        mode: z.enum(['managed', 'data']),
        type: z.string(),
        change: z.object({ actions: z.array(z.string()) }),
        action_reason: z.string().optional(),
      }),
    )
    .default([]),
  checks: z
    .array(
      z.object({
        address: z.object({ kind: z.string(), name: z.string().optional() }),
        instances: z
          .array(z.object({ address: z.object({ module: z.string().optional() }), status: z.string() }))
          .default([]),
      }),
    )
    .default([]),
});

/**
 * @param file what `terraform show -json <plan>` prints; `-` reads standard input.
 * @throws Error if it is not the JSON of a complete plan.
 */
export function readPlan(file: string): Plan {
  const plan = planSchema.safeParse(parseJson(textOf(file), file));
  if (!plan.success) {
    throw new Error(
      `${file} is not the JSON of a plan, so it cannot be checked:\n${z.prettifyError(plan.error)}\n${HOW_TO_MAKE_ONE}`,
    );
  }
  if (plan.data.errored === true) {
    throw new Error(
      `${file} is of a plan that Terraform could not finish. Correct what Terraform reports, and plan again.`,
    );
  }
  const changes = plan.data.resource_changes
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change, action_reason: reason }) => ({
      ...{ address, type, actions: change.actions },
      ...(reason === undefined ? {} : { reason }),
    }));
  const checks = plan.data.checks.flatMap(({ address: { kind, name }, instances }) =>
    kind === 'check' && name !== undefined
      ? instances.map(({ address: { module }, status }) => ({ name, module, status }))
      : [],
  );
  return { changes, checks };
}

const HOW_TO_MAKE_ONE = 'Make it with: terraform plan -out=plan && terraform show -json plan > plan.json';

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be read (${code}). ${HOW_TO_MAKE_ONE}`, { cause: error });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON. ${HOW_TO_MAKE_ONE}`, { cause: error });
  }
}
