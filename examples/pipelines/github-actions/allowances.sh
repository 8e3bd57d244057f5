#!/usr/bin/env bash
#
#   allowances.sh BASE    BASE: the commit before the change, e.g. HEAD^1
#
# Prints which addresses a plan of this change may destroy: the lines that it adds to allow-destroy.txt, the file beside
# rotation.yaml. So whoever reviews the change reviews the allowance, a line counts in the one change that adds it, and
# nobody can allow something afterwards by editing a text beside the commits.
#
set -euo pipefail
base=${1:?"allowances.sh BASE: name the commit before the change, e.g. HEAD^1"}

# The first push of a branch has no commit before it, and allows nothing.
[[ $base =~ ^0+$ ]] && exit 0

# Addresses in the form of Terraform: module.a["x/y"].aws_iam_user.b[0]
address='[A-Za-z_][A-Za-z0-9_.-]*(\[("[^"]*"|[0-9]+)\][A-Za-z0-9_.-]*)*'
git diff --no-color --no-ext-diff --unified=0 "$base" HEAD -- allow-destroy.txt |
  sed -n -E '/^\+\+\+ /d; s/^\+//; t added; b; :added s/([[:space:]]+|^)#.*$//; s/[[:space:]]+$//; /./p' |
  while IFS= read -r line; do
    if [[ $line =~ ^$address$ ]]; then
      printf '%s\n' "$line"
    else
      printf 'allow-destroy.txt: not the address of a resource, so it allows nothing: %q\n' "$line" >&2
    fi
  done
