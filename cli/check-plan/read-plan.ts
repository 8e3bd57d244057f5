import * as z from 'zod';

import { HOW_TO_MAKE_ONE, planText } from './plan-text';
import { repeatedKey } from './repeated-key';

/** What a plan may do with a resource: every word that Terraform has for it. */
const ACTIONS = ['no-op', 'create', 'read', 'update', 'delete', 'forget'] as const;
export type PlannedAction = (typeof ACTIONS)[number];

/** The attributes of a resource, as far as they are known. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One resource instance in a plan, as far as it is judged. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly PlannedAction[];
  /** Why Terraform replaces or deletes it, where it says so: `replace_because_cannot_update`. */
  readonly reason?: string;
  /** Absent: it is not there before. */
  readonly before?: Attributes;
  /** Absent: it is not there afterwards. What is known after the apply only is left out. */
  readonly after?: Attributes;
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  /** How what Terraform found on AWS differs from the state of the last apply. */
  readonly drift: readonly PlannedChange[];
}

const attributes = z.record(z.string(), z.unknown()).nullish();

const changesSchema = z.array(
  z.object({
    address: z.string(),
    mode: z.enum(['managed', 'data']),
    type: z.string(),
    change: z.object({ actions: z.array(z.enum(ACTIONS)).min(1), before: attributes, after: attributes }),
    action_reason: z.string().optional(),
  }),
);

/**
 * What Terraform (1.8 and later) writes into the JSON of every plan is required here: a state, and what other commands
 * print, would otherwise pass for a plan without changes.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
const planSchema = z
  .object({
    format_version: z.string().regex(/^1\./, 'only version 1 of the format is known'),
    terraform_version: z.string(),
    planned_values: z.looseObject(
      { root_module: z.looseObject({}).optional() },
      'is missing: this is the JSON of a state, or of another command than show',
    ),
    configuration: z.looseObject({}),
    /** Terraform could not finish planning, so what is missing is not known. */
    errored: z.boolean(),
    complete: z.boolean(),
    deferred_changes: z.array(z.unknown()).default([]),
    /** Left out where no resource is planned. */
    resource_changes: changesSchema.optional(),
    /** Left out where nothing differs. */
    resource_drift: changesSchema.default([]),
  })
  .refine(
    ({ resource_changes, planned_values: { root_module: root = {} } }) =>
      resource_changes !== undefined || !('resources' in root || 'child_modules' in root),
    {
      path: ['resource_changes'],
      error:
        'is missing, although there are resources: this is not what an apply would do (a plan with -refresh-only?)',
    },
  );

/**
 * @param file what `terraform show -json <plan>` prints; `-` reads standard input.
 * @throws Error if it is not the JSON of a complete plan.
 */
export function readPlan(file: string): Plan {
  const parsed = planSchema.safeParse(parseJson(planText(file), file));
  if (!parsed.success) {
    throw new Error(
      `${file} is not the JSON of a plan, so it cannot be checked:\n${z.prettifyError(parsed.error)}\n${HOW_TO_MAKE_ONE}`,
    );
  }
  const plan = parsed.data;
  if (plan.errored) {
    throw new Error(
      `${file} is of a plan that Terraform could not finish. Correct what Terraform reports, and plan again.`,
    );
  }
  if (!plan.complete || plan.deferred_changes.length > 0) {
    throw new Error(
      `${file} is of a part of a plan: Terraform left changes for later, so what they destroy is not known. ` +
        'Plan without -target and without -allow-deferral.',
    );
  }
  return {
    changes: managedIn(plan.resource_changes ?? []),
    drift: managedIn(plan.resource_drift),
  };
}

const managedIn = (changes: z.output<typeof changesSchema>): readonly PlannedChange[] =>
  changes
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change: { actions, before, after }, action_reason: reason }) => ({
      ...{ address, type, actions },
      ...(reason === undefined ? {} : { reason }),
      ...(before === null || before === undefined ? {} : { before }),
      ...(after === null || after === undefined ? {} : { after }),
    }));

function parseJson(text: string, file: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON. ${HOW_TO_MAKE_ONE}`, { cause: error });
  }
  const key = repeatedKey(text);
  if (key === undefined) return json;
  throw new Error(
    `${file} has the key ${JSON.stringify(key)} twice in one object, which Terraform does not write. ${HOW_TO_MAKE_ONE}`,
  );
}
