# SPDX-License-Identifier: Apache-2.0
"""JSON results against their schemas under docs/formats."""
import json
import os
import subprocess

from bullatest import ROOT, check_equal, validator_python

FORMATS = os.path.join(ROOT, "docs", "formats")
CHECK = "import json, sys, jsonschema; jsonschema.validate(json.load(sys.stdin), json.load(open(sys.argv[1])))"


def valid(name, ran):
    """Demands that what a command printed is the JSON result of that name."""
    document = json.loads(ran.out)
    check_equal(document["schema"], f"bulla.{name}/1", "schema")
    schema = os.path.join(FORMATS, f"{name}.schema.json")
    done = subprocess.run([validator_python(), "-c", CHECK, schema], input=ran.out, text=True, capture_output=True)
    check_equal((done.returncode, done.stderr[-600:]), (0, ""), f"{name} against its schema")
