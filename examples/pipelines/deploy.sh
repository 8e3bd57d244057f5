#!/usr/bin/env bash
#
# From rotation.yaml to an applied stack, in two steps with somebody's look at the plan between them. For any pipeline,
# and for a laptop: synthesizing gives the same bytes on both.
#
#   deploy.sh plan  <stack> [--allow <address>]...   synthesize, plan, check the plan; it is in terraform-plans/<stack>/
#   deploy.sh apply <stack>                          apply exactly that plan; Terraform refuses it if the state moved on
#
# `plan` ends with 1 if the plan would destroy a user, a secret or the table and that was not allowed by its address.
# AWS credentials come from the environment. IAM_KEY_ROTATION is how the command line tool is started. ROTATION_CONFIG is the
# configuration, if that is not rotation.yaml, and CDKTF_OUTDIR the folder that it is synthesized into, if not cdktf.out.
#
set -euo pipefail

usage() {
  sed -n '6,7s/^# *//p' "$0" >&2
  exit 64
}
[ $# -ge 2 ] && [[ $2 =~ ^[A-Za-z0-9_][A-Za-z0-9_-]*$ ]] || usage
step=$1 stack=$2
shift 2

export CDKTF_OUTDIR=${CDKTF_OUTDIR:-cdktf.out}
case $CDKTF_OUTDIR in
/*) stack_folder=$CDKTF_OUTDIR/stacks/$stack ;;
*) stack_folder=$PWD/$CDKTF_OUTDIR/stacks/$stack ;;
esac
synthesized=$stack_folder/cdk.tf.json
plan_folder=$PWD/terraform-plans/$stack
# Not what a registry has under that name: the package has to be installed here.
read -ra iam_key_rotation <<<"${IAM_KEY_ROTATION:-npx --no-install iam-key-rotation}"
export TF_IN_AUTOMATION=1

# The plan and the apply may be on two machines: each synthesizes, and gets the same.
synthesize() {
  # CDKTF leaves the folders of earlier synthesizing as they are: of a former stack, or of another configuration.
  rm -f "$synthesized"
  npx tsx --disable-warning=DEP0044 main.ts
  if [ ! -f "$synthesized" ]; then
    echo "${ROTATION_CONFIG:-rotation.yaml} has no stack $stack." >&2
    exit 1
  fi
}

case $step in
plan)
  synthesize
  # What `apply` takes is there only once the plan has passed the check.
  mkdir -p "$plan_folder"
  rm -f "$plan_folder/plan"
  # The lock file of the providers belongs to the repository: cdktf.out is made anew on each machine.
  if [ -f .terraform.lock.hcl ]; then
    cp .terraform.lock.hcl "$stack_folder/.terraform.lock.hcl"
    terraform -chdir="$stack_folder" init -input=false -lockfile=readonly
  else
    terraform -chdir="$stack_folder" init -input=false
    cat >&2 <<TEXT
There is no .terraform.lock.hcl beside rotation.yaml, so nothing holds the checksums of the provider. Make one once, for all
platforms that run Terraform here, and commit it:
  terraform -chdir="$stack_folder" providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64
  cp "$stack_folder/.terraform.lock.hcl" .
TEXT
  fi
  refresh=true
  make_plan() {
    terraform -chdir="$stack_folder" plan -input=false -lock-timeout=5m -refresh=$refresh \
      -out="$plan_folder/plan.unchecked" "$@" 2>&1 | tee "$plan_folder/plan.log" &&
      terraform -chdir="$stack_folder" show -json "$plan_folder/plan.unchecked" >"$plan_folder/plan.json"
  }
  if ! make_plan; then
    grep -q 'contains invalid principals' "$plan_folder/plan.log" || exit 1
    cat >&2 <<TEXT
The policy of a secret names a role or user that was deleted, and the AWS provider cannot read such a secret. So this plan is
made without a look at AWS, from the state of the last apply. It has to change aws_secretsmanager_secret_policy of that secret:
apply it, and plan again. If it does not, see "If a plan ends with invalid principals" in docs/upgrading.md.
TEXT
    refresh=false
    make_plan
  fi
  # A function whose last update failed, or whose code somebody replaced: Terraform by itself would leave it so.
  stale=$("${iam_key_rotation[@]}" stale-functions "$plan_folder/plan.json")
  if [ -n "$stale" ]; then
    printf 'Functions do not run the code of this configuration. The plan replaces them, and what AWS deletes with them:\n%s\n' "$stale" >&2
    replacements=()
    while read -r address; do replacements+=("-replace=$address"); done <<<"$stale"
    make_plan "${replacements[@]}"
  fi
  rm "$plan_folder/plan.log"
  terraform -chdir="$stack_folder" show -no-color "$plan_folder/plan.unchecked" >"$plan_folder/plan.txt"
  # Without its dot: what keeps files for a later job may leave hidden ones out.
  cp "$stack_folder/.terraform.lock.hcl" "$plan_folder/terraform.lock.hcl"
  cp "$synthesized" "$plan_folder/cdk.tf.json"
  "${iam_key_rotation[@]}" check-plan "$plan_folder/plan.json" "$@"
  mv "$plan_folder/plan.unchecked" "$plan_folder/plan"
  ;;
apply)
  [ $# -eq 0 ] || usage # What may be lost was decided when the plan was made.
  if [ ! -f "$plan_folder/plan" ]; then
    echo "There is no plan of $stack that passed the check. Run: deploy.sh plan $stack" >&2
    exit 1
  fi
  synthesize
  if ! cmp -s "$synthesized" "$plan_folder/cdk.tf.json"; then
    echo "The plan of $stack was made from another configuration than ${ROTATION_CONFIG:-rotation.yaml} is now." >&2
    echo "Run: deploy.sh plan $stack" >&2
    exit 1
  fi
  cp "$plan_folder/terraform.lock.hcl" "$stack_folder/.terraform.lock.hcl"
  terraform -chdir="$stack_folder" init -input=false -lockfile=readonly
  terraform -chdir="$stack_folder" apply -input=false -lock-timeout=5m "$plan_folder/plan"
  ;;
*)
  usage
  ;;
esac
