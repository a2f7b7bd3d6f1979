"""The AWS CLI as the runbooks use it: version 1, the one that PyPI has, with what only version 2 has of it.

Usage: aws_cli.py ARGUMENT...
"""

import sys
import time

from awscli.clidriver import create_clidriver
from awscli.customizations.commands import BasicCommand

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Tail(BasicCommand):
    """Version 2's `logs tail`: each entry since then, with its time and stream."""

    NAME = "tail"
    ARG_TABLE = [
        {"name": "group_name", "positional_arg": True},
        {"name": "since", "default": "10m"},
        {"name": "filter-pattern", "default": ""},
    ]

    def _run_main(self, args, of_all_commands):
        client = self._session.create_client("logs", region_name=of_all_commands.region)
        since = int(args.since[:-1]) * SECONDS[args.since[-1]]
        found = client.get_paginator("filter_log_events").paginate(
            logGroupName=args.group_name,
            startTime=int((time.time() - since) * 1_000),
            **({"filterPattern": args.filter_pattern} if args.filter_pattern else {}),
        )
        for event in found.search("events[]"):
            print(event["timestamp"], event["logStreamName"], event["message"])
        return 0


def without_binary_format(arguments):
    """Version 2 takes a payload as base64 unless it is told that it is not; version 1 takes it as it is, and has no such option."""
    if "--cli-binary-format" not in arguments:
        return arguments
    at = arguments.index("--cli-binary-format")
    if arguments[at + 1] != "raw-in-base64-out":
        sys.exit(f"{arguments[at + 1]} is not what version 1 does.")
    return arguments[:at] + arguments[at + 2 :]


def main(arguments):
    driver = create_clidriver()
    add_tail = lambda command_table, session, **_: command_table.update(tail=Tail(session))
    driver.session.register("building-command-table.logs", add_tail)
    return driver.main(without_binary_format(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
