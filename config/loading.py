"""From a path or profile name to checked settings."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from cases.people.organisation import Authority, Department, Official, Organisation, Unit
from cases.promises import Promise
from cases.routing.areas import Area
from config import references
from config.layers import Layered, read_layers
from config.naming import Tree
from config.people import OfficialTable, PromiseTable
from config.problems import HIDDEN, Problems
from config.reader import Reading, build, fill, read_table
from config.secret import Secret
from config.settings import ConfigFile, DatabaseSettings, DatabaseTable, Settings


def load(path: Path | str, environ: Mapping[str, str]) -> Settings:
    """The settings of a shipped profile (``osby``, ``rattvik``, ``demo``) or a TOML file.

    Secrets are read now, so that a missing one stops the start and not the night. Paths in the file start from its
    folder. Raises InvalidSettings, which tells of every fault at once.
    """
    return settle(read_layers(path), environ)


def settle(layered: Layered, environ: Mapping[str, str]) -> Settings:
    """The settings of a tree that has been read. Raises InvalidSettings."""
    problems = Problems(layered.file, layered.origins)
    _refuse_written_password(layered.tree, problems)
    reading = Reading(environ, layered.base, problems)
    values = read_table(ConfigFile, fill(layered.tree, "", reading), "", reading)
    references.check(values, problems)
    problems.raise_if_any()
    return _settings(build(ConfigFile, values), layered)


def _refuse_written_password(tree: Tree, problems: Problems) -> None:
    database = tree.get("database")
    url = database.get("url") if isinstance(database, dict) else None
    if isinstance(url, str) and "$" not in url and _has_password(url):
        remedy = "Ta bort det ur adressen och skriv database.password_env eller database.password_file."
        problems.add("database.url", HIDDEN, "Databasens lösenord får inte stå i filen.", remedy)


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return False


def _settings(file: ConfigFile, layered: Layered) -> Settings:
    return Settings(
        source=layered.file,
        profile=layered.profile,
        municipality=file.municipality,
        routine=file.routine,
        organisation=_organisation(file),
        mailboxes=file.mailboxes,
        intake=file.intake,
        form_mails=file.form_mails,
        antivirus=file.antivirus,
        paper=file.paper,
        blanketter=file.blanketter,
        smtp=file.smtp,
        database=DatabaseSettings(url=_database_url(file.database)),
        desk=file.desk,
        login=file.login,
        login_groups=file.login_groups,
        public=file.public,
        api=file.api,
        numbering=file.numbering,
        promises=tuple(_promise(table) for table in file.promises),
        letters=file.letters,
        calendar=file.calendar,
        cases=file.cases,
        outcomes=file.outcomes,
        escalation=file.escalation,
        reports=file.reports,
        links=file.links,
        classifier=file.classifier,
        retention=file.retention,
        retention_rules=file.retention_rules,
        backup=file.backup,
        watch=file.watch,
        alarms=file.alarms,
        expiries=file.expiries,
        probe=file.probe,
    )


def _organisation(file: ConfigFile) -> Organisation:
    areas = {area: str(getattr(file.areas, area.value)) for area in Area}
    return Organisation(
        name=file.municipality.name,
        authorities={
            a.id: Authority(a.id, a.name, a.series, a.registry_pattern, a.registers, a.plan_code, a.diary_of)
            for a in file.authorities
        },
        departments={d.id: Department(d.id, d.name, d.authority, _official(d.head)) for d in file.departments},
        units={
            u.id: Unit(u.id, u.name, u.department, _official(u.manager), u.registrators, u.phone, u.external)
            for u in file.units
        },
        area_units={area: unit or file.organisation.central_unit for area, unit in areas.items()},
        home_authority=file.organisation.home_authority,
        central_unit=file.organisation.central_unit,
        central_registrators=file.organisation.central_registrators,
        renamed={old: u.id for u in file.units for old in u.took_over},
    )


def _official(table: OfficialTable) -> Official:
    return Official(table.name, table.title, table.email)


def _promise(table: PromiseTable) -> Promise:
    return Promise(table.kind, table.days, table.counting, table.rollover, table.rule)


def _database_url(table: DatabaseTable) -> Secret:
    if table.password is None:
        return Secret(table.url, "database.url")
    parts = urlsplit(table.url)
    user, _, place = parts.netloc.rpartition("@")
    login = f"{user.partition(':')[0]}:{quote(table.password.reveal(), safe='')}"
    return Secret(urlunsplit(parts._replace(netloc=f"{login}@{place}")), table.password.origin)
