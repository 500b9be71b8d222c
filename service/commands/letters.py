"""``lyhord letters``: every letter with trigger, deadline, recipients and variables."""

import argparse

from notifier import TemplateRenderer
from notifier.variables import sample_constants


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to look for faults too."""
    parser.add_argument("--lint", action="store_true", help="leta fel i mallarna; felstatus om något finns")


def run(asked: argparse.Namespace) -> int:
    """Print the catalogue, or the faults."""
    renderer = TemplateRenderer(sample_constants())
    if asked.lint:
        findings = renderer.lint()
        for finding in findings:
            print(finding)
        return 1 if findings else 0
    for row in renderer.catalogue():
        print(f"{row.kind:22} {row.audience:34} {row.trigger}; {row.deadline}")
        print(f"{'':22} {', '.join(row.languages)}: {', '.join(row.needs.names)}")
    return 0
