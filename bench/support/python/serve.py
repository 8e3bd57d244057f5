"""Runs a function as Lambda does: imports it, then invokes it for each line of standard input, one after the other.

Usage: serve.py <file>. Each line is an event; the answer to it, a line on descriptor 3, says whether the function failed.
"""

import importlib.util
import json
import os
import sys

specification = importlib.util.spec_from_file_location("function", sys.argv[1])
function = importlib.util.module_from_spec(specification)
specification.loader.exec_module(function)

with os.fdopen(3, "w", encoding="utf8", buffering=1) as answers:
    for line in sys.stdin:
        try:
            function.lambda_handler(json.loads(line), None)
            answer = {}
        except Exception as error:  # pylint: disable=broad-except
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
