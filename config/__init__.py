"""Settings and municipality profiles: one TOML file in, one frozen object out."""

from config.intake import AntivirusSettings, FormMailSettings
from config.layers import PROFILES
from config.letters import CalendarSettings, LetterSettings, LinkSettings, NumberingSettings
from config.loading import load
from config.mail import IntakeSettings, MailboxSettings, OAuthSettings, SmtpSettings
from config.operation import AlarmSettings
from config.people import MunicipalitySettings
from config.problems import InvalidSettings, Problem
from config.reference import KeyDoc, describe, reference_markdown
from config.secret import Secret
from config.settings import DatabaseSettings, DeskSettings, Settings
from config.templating import template
from config.work import (
    CaseSettings,
    ClassifierSettings,
    EscalationSettings,
    OutcomeSettings,
    ReportSettings,
    RetentionRuleSettings,
    RetentionSettings,
    RoutineSettings,
)

__all__ = [
    "PROFILES",
    "AlarmSettings",
    "AntivirusSettings",
    "CalendarSettings",
    "CaseSettings",
    "ClassifierSettings",
    "DatabaseSettings",
    "DeskSettings",
    "EscalationSettings",
    "FormMailSettings",
    "IntakeSettings",
    "InvalidSettings",
    "KeyDoc",
    "LetterSettings",
    "LinkSettings",
    "MailboxSettings",
    "MunicipalitySettings",
    "NumberingSettings",
    "OAuthSettings",
    "OutcomeSettings",
    "Problem",
    "ReportSettings",
    "RetentionRuleSettings",
    "RetentionSettings",
    "RoutineSettings",
    "Secret",
    "Settings",
    "SmtpSettings",
    "describe",
    "load",
    "reference_markdown",
    "template",
]
