"""What the profile says of compilations, and the pass that mails their drafts."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from cases.compilations.compilation import Compiler
from cases.compilations.periods import ChainStep, ListColumn, ReportRules
from cases.steps.records.compilations import compilation_sweep
from cases.steps.records.review import review_sweep
from config import Settings
from service.bootstrap import House


def report_rules(settings: Settings) -> ReportRules:
    """The rules of the profile's ``[reports]`` and ``[cases]``."""
    chosen = settings.reports
    return ReportRules(
        half_yearly_months=tuple(chosen.half_yearly_months),
        yearly_month=chosen.yearly_month,
        weeks_before=chosen.weeks_before,
        chain=tuple(ChainStep(step) for step in chosen.chain),
        columns=tuple(ListColumn(column) for column in chosen.columns),
        faults_are_complaints=settings.cases.fault_report_is_complaint,
        asks_cause=settings.cases.improvement,
    )


def compiler(house: House) -> Compiler:
    """The maker of this municipality's compilations."""
    office = house.office
    # Hundreds of cases have the same neutral subject, and masking takes longer than all else.
    return Compiler(
        report_rules(house.settings), office.organisation, office.calendar, office.screen, cache(office.mask)
    )


def draft_pass(house: House) -> Callable[[datetime], int]:
    """The hourly pass; returns how many drafts and reminders of the yearly review it queued."""
    rules = report_rules(house.settings)

    def run(now: datetime) -> int:
        with house.store.begin() as tx:
            return compilation_sweep(tx, house.office, now, rules) + review_sweep(tx, house.office, now)

    return run
