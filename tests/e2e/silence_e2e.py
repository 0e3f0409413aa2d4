#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registries that take a connection and then say nothing, or next to nothing."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import UNAVAILABLE, add_case, case, check, check_equal, check_in, main, refuse, run  # noqa: E402
from servers import SilentServer  # noqa: E402

SILENCES = {"no_answer": (b"", b""), "a_status_line_and_nothing": (b"HTTP/1.1 200 OK\r\n", b""),
            "a_byte_a_second": (b"", b"HTTP/1.1 200 OK\r\n" * 20)}


def silence_ends_with_the_timeout(at_once, drops):
    def test():
        for flags in ((), ("--quiet",)):
            server = SilentServer(at_once, drops)
            started = time.monotonic()
            ran = run("bulla-oci", "resolve", "--timeout", "8s", *flags, f"{server.host}/app:1")
            check(time.monotonic() - started < 12, f"it took {time.monotonic() - started:.1f} s")
            check_equal(ran.code, UNAVAILABLE, "exit code")
            check_in("--timeout", ran.err, "standard error")
            check_equal(f"waiting for {server.host}" in ran.err, not flags, f"whether the wait is announced\n{ran}")
    return test


for name, (at_once, drops) in SILENCES.items():
    add_case(f"silence_ends_with_the_timeout_{name}", silence_ends_with_the_timeout(at_once, drops))


@case
def silence_ends_without_a_timeout_and_says_who_kept_it():
    server = SilentServer()
    started = time.monotonic()
    ran = refuse(UNAVAILABLE, [server.host, f"GET http://{server.host}/v2/", "waited", "curl -v"], "bulla-oci", "resolve", f"{server.host}/app:1")
    took = time.monotonic() - started
    check(5 < took < 60, f"it took {took:.1f} s\n{ran}")


if __name__ == "__main__":
    main()
