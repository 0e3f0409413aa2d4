#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the hand-made layouts under testdata/layouts, the same bytes every time.

  make_layouts.py           writes them
  make_layouts.py FOLDER    writes them there instead
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bullatest import TESTDATA  # noqa: E402
from layout import attested_index, small_image, small_index  # noqa: E402

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TESTDATA, "layouts")
for name, make in (("small", small_image), ("index", small_index), ("attested", attested_index)):
    shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
    make(os.path.join(folder, name))
