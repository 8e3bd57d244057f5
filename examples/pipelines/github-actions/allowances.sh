#!/usr/bin/env bash
#
# Reads a pull request as GitHub's API gives it, and prints which addresses its plan may destroy: one for each line
# `allow-destroy: <address>` of its description, if it has the label `allow-destroy`, which only those may set who may
# triage pull requests. Nothing else of the description is looked at.
#
set -euo pipefail
jq -r 'select(any(.labels[]; .name == "allow-destroy")) | .body // "" | split("\n")[]
  | capture("^allow-destroy:[ \t]+(?<address>[A-Za-z0-9_.\\[\\]\"-]+)[ \t\r]*$").address'
