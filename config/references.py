"""What must hold between keys: ids that exist, addresses that agree, choices that belong together."""

from collections.abc import Iterable

from cases.people.access import EVERYWHERE
from cases.routing.areas import Area
from cases.steps.sender import is_deaf
from config.naming import Tree
from config.places import is_loopback
from config.problems import HIDDEN, MISSING, Problems

_SHORTEST_SECRET = 32


def check(values: Tree, problems: Problems) -> None:
    """Note every fault between the checked values; a value that was at fault itself is passed over."""
    _check_ids(values, problems)
    _check_areas(values, problems)
    _check_diaries(values, problems)
    _check_patterns(values, problems)
    _check_addresses(values, problems)
    _check_folders(values, problems)
    _check_safety(values, problems)
    _check_login(values, problems)
    _check_database(values, problems)
    _check_choices(values, problems)
    _check_paper(values, problems)
    _check_operation(values, problems)


def _ids(values: Tree, table: str) -> list[str]:
    return [item["id"] for item in values[table] if "id" in item]


def _refer(problems: Problems, key: str, value: str | None, known: Iterable[str], what: str) -> None:
    if value and value not in known:
        names = ", ".join(known)
        remedy = f"Välj bland {names}, eller lägg till den." if names else "Lägg till den."
        problems.add(key, value, f"Det finns ingen {what} med det id:t.", remedy)


def _check_ids(values: Tree, problems: Problems) -> None:
    authorities, departments, units = (_ids(values, table) for table in ("authorities", "departments", "units"))
    organisation = values["organisation"]
    _refer(problems, "organisation.home_authority", organisation.get("home_authority"), authorities, "nämnd")
    _refer(problems, "organisation.central_unit", organisation.get("central_unit"), units, "enhet")
    for box in values["mailboxes"]:
        _refer(problems, f"mailboxes[{box.get('id')}].authority", box.get("authority"), authorities, "nämnd")
    for department in values["departments"]:
        key = f"departments[{department.get('id')}].authority"
        _refer(problems, key, department.get("authority"), authorities, "nämnd")
    for unit in values["units"]:
        _refer(problems, f"units[{unit.get('id')}].department", unit.get("department"), departments, "förvaltning")
    _check_taken_over(values, problems)


def _check_taken_over(values: Tree, problems: Problems) -> None:
    units = _ids(values, "units")
    heirs: dict[str, object] = {}
    for unit in values["units"]:
        key = f"units[{unit.get('id')}].took_over"
        for old in unit.get("took_over", ()):
            if old in units:
                problems.add(key, old, "Enheten finns kvar bland units.", "Ta bort den där, eller ta bort den här.")
            elif old in heirs:
                remedy = "Låt den stå på en enhet, den som tog över mest."
                problems.add(key, old, f"Enheten är redan övertagen av {heirs[old]}.", remedy)
            heirs[old] = unit.get("id")


def _check_areas(values: Tree, problems: Problems) -> None:
    units, areas = _ids(values, "units"), values["areas"]
    for area in Area:
        key = f"areas.{area.value}"
        _refer(problems, key, areas.get(area.value), units, "enhet")
        if areas.get(area.value) == "" and areas.get("default") is False:
            remedy = "Skriv enhetens id, eller areas.default = true så går det till kansliet."
            problems.add(key, MISSING, "Ingen enhet svarar för ämnet.", remedy)


def _check_diaries(values: Tree, problems: Problems) -> None:
    authorities = values["authorities"]
    owners: dict[str, object] = {}
    known = _ids(values, "authorities")
    keepers = {item.get("id"): item.get("diary_of") for item in authorities}
    for item in authorities:
        key = f"authorities[{item.get('id')}]"
        keeper = item.get("diary_of")
        _refer(problems, f"{key}.diary_of", keeper, known, "nämnd")
        if keeper and (keeper == item.get("id") or keepers.get(keeper)):
            remedy = "Ange en nämnd som för sitt eget diarium, eller lämna tomt för den egna."
            problems.add(f"{key}.diary_of", keeper, "Den nämnden för inget eget diarium åt andra.", remedy)
        series = item.get("series")
        if series in owners:
            what = f"Serien används redan av {owners[series]}."
            problems.add(f"{key}.series", series, what, "Ge varje nämnd sin egen serie.")
        if series:
            owners[series] = item.get("id")


def _check_patterns(values: Tree, problems: Problems) -> None:
    """Two series that make one number: the second is refused each time, for a number is one case's."""
    owners = {str(values["numbering"].get("case", "")).casefold(): "numbering.case"}
    for item in values["authorities"]:
        pattern = item.get("registry_pattern")
        if not pattern or item.get("diary_of"):
            continue
        key = f"authorities[{item.get('id')}].registry_pattern"
        owner = owners.setdefault(pattern.casefold(), key)
        if owner != key:
            problems.add(key, pattern, f"{owner} ger samma nummer.", "Låt mönstret börja med nämndens egen serie.")


def _check_addresses(values: Tree, problems: Problems) -> None:
    owners: dict[str, object] = {}
    for box in values["mailboxes"]:
        for address in box.get("addresses", ()):
            if address.lower() in owners:
                what = f"Adressen hör redan till brevlådan {owners[address.lower()]}."
                problems.add(f"mailboxes[{box.get('id')}].addresses", address, what, "Låt den stå på en brevlåda.")
            owners[address.lower()] = box.get("id")
    sender = values["smtp"].get("from_address")
    complete = all("addresses" in box for box in values["mailboxes"])
    if sender and complete and owners and sender.lower() not in owners:
        remedy = f"Välj bland {', '.join(owners)}, eller lägg till den bland brevlådans addresses."
        problems.add("smtp.from_address", sender, "Svar dit kommer inte till någon brevlåda.", remedy)


def _check_folders(values: Tree, problems: Problems) -> None:
    """A letter moved into a folder that is read would be fetched for ever, and by two mailboxes be two cases'."""
    owners: dict[object, object] = {}
    for box in values["mailboxes"]:
        key = f"mailboxes[{box.get('id')}]"
        inbox, junk, done = (str(box.get(name, "")).casefold() for name in ("inbox", "junk", "done"))
        if done and done in {inbox, junk}:
            remedy = "Välj en annan mapp; Lyhörd skapar den."
            problems.add(f"{key}.done", box["done"], "Hämtade brev skulle hämtas igen.", remedy)
        if junk and junk == inbox:
            remedy = "Skriv skräppostens mapp, eller lämna tomt om den inte ska läsas."
            problems.add(f"{key}.junk", box["junk"], "Det är samma mapp som inbox.", remedy)
        if not {"host", "port", "user"} <= box.keys():
            continue
        owner = owners.setdefault((box["host"].lower(), box["port"], box["user"].lower(), inbox), key)
        if owner != key:
            remedy = "Skriv den egna brevlådans användare, eller en annan inbox."
            problems.add(f"{key}.user", box["user"], f"{owner} läser samma mapp på samma server.", remedy)


def _check_safety(values: Tree, problems: Problems) -> None:
    boxes = ((f"mailboxes[{box.get('id')}]", box) for box in values["mailboxes"])
    for key, server in (*boxes, ("smtp", values["smtp"])):
        if server.get("tls") == "none" and "host" in server and not is_loopback(server["host"]):
            remedy = "Välj tls eller starttls; none går bara till den egna maskinen."
            problems.add(f"{key}.tls", "none", f"Lösenord och brev skulle gå öppet till {server['host']}.", remedy)
    desk = values["desk"]
    if desk.get("https_only") is True and desk.get("base_url", "https").startswith("http://"):
        what = "Skrivbordet kräver https, men adressen är http."
        problems.add(
            "desk.base_url", desk["base_url"], what, "Skriv https://, eller https_only = false på den egna maskinen."
        )
    if desk.get("https_only") is False and desk.get("base_url", "http:").startswith("https://"):
        problems.add("desk.https_only", False, "Adressen är https, men https krävs inte.", "Skriv https_only = true.")
    if "secret" in desk and len(desk["secret"].reveal()) < _SHORTEST_SECRET:
        remedy = "Gör en ny: python3 -c 'import secrets; print(secrets.token_hex(32))'."
        problems.add("desk.secret", HIDDEN, f"Nyckeln är kortare än {_SHORTEST_SECRET} tecken.", remedy)


def _check_login(values: Tree, problems: Problems) -> None:
    login = values["login"]
    if login.get("local_accounts") is False and login.get("provider") == "none":
        remedy = 'Skriv local_accounts = true, eller provider = "oidc".'
        problems.add("login.local_accounts", False, "Ingen skulle kunna logga in.", remedy)
    places = {EVERYWHERE, *(name for table in ("authorities", "departments", "units") for name in _ids(values, table))}
    for group in values["login_groups"]:
        for grant in group.get("roles", ()):
            key = f"login_groups[{group.get('id')}].roles"
            _refer(problems, key, grant.scope, places, "enhet, förvaltning eller nämnd")


def _check_database(values: Tree, problems: Problems) -> None:
    database = values["database"]
    if database.get("password") and database.get("url", "").startswith("sqlite"):
        remedy = "Ta bort nyckeln, eller skriv PostgreSQL-databasens adress i database.url."
        problems.add("database.password_env", HIDDEN, "SQLite har inget lösenord.", remedy)


def _check_choices(values: Tree, problems: Problems) -> None:
    smtp, calendar, retention = values["smtp"], values["calendar"], values["retention"]
    if smtp.get("login") in {"password", "xoauth2"} and smtp.get("user") == "":
        problems.add(
            "smtp.user", "", "Inloggningen behöver ett användarnamn.", 'Fyll i det, eller skriv login = "none".'
        )
    opens, closes = calendar.get("opens"), calendar.get("closes")
    if opens and closes and opens >= closes:
        remedy = f"Välj en tid efter {opens:%H:%M}."
        problems.add("calendar.closes", f"{closes:%H:%M}", "Dagen stänger innan den öppnar.", remedy)
    years = retention.get("years") or retention.get("loose_years")
    if retention.get("automatic") and not years and not values.get("retention_rules"):
        remedy = "Skriv en regel, eller automatic = false."
        problems.add("retention.automatic", "true", "Det finns ingen regel att gallra efter.", remedy)
    if years and retention.get("decision") == "":
        remedy = "Skriv gallringsbeslutets diarienummer, eller years = 0 och loose_years = 0."
        problems.add("retention.decision", "", "Gallring kräver ett beslut.", remedy)
    if values["public"].get("ask_if_helped") and values["public"].get("case_page") is False:
        remedy = "Skriv case_page = true, eller ask_if_helped = false."
        problems.add("public.ask_if_helped", "true", "Frågan ställs på avsändarens sida, som inte är på.", remedy)
    _check_classifier(values["classifier"], values["database"].get("url", "sqlite"), problems)


def _check_classifier(classifier: Tree, url: str, problems: Problems) -> None:
    if classifier.get("local_training") and not classifier.get("local_folder") and not url.startswith("sqlite"):
        remedy = "Skriv en mapp som bara Lyhörd får läsa, lika väl skyddad som databasen."
        problems.add("classifier.local_folder", MISSING, "Den modell som tränas måste sparas någonstans.", remedy)
    if classifier.get("auto_confirm") is True and classifier.get("auto_confirm_areas") == ():
        remedy = "Skriv ämnena, eller auto_confirm = false."
        problems.add("classifier.auto_confirm_areas", [], "Inget ämne är valt för automatisk fördelning.", remedy)


def _check_paper(values: Tree, problems: Problems) -> None:
    drop, done = values["paper"].get("drop_folder"), values["paper"].get("done_folder")
    if drop and done == "":
        remedy = "Skriv en mapp dit filerna flyttas, på samma disk."
        problems.add("paper.done_folder", MISSING, "Lästa filer måste flyttas någonstans.", remedy)
    if drop and drop == done:
        remedy = "Välj två mappar; annars läses samma filer om och om igen."
        problems.add("paper.done_folder", str(done), "Det är samma mapp som drop_folder.", remedy)
    for form in values["blanketter"]:
        _check_headings(form, problems)


def _check_headings(form: Tree, problems: Problems) -> None:
    known: dict[str, str] = {}
    for field in ("name", "email", "phone", "address", "place", "subject", "text", "other"):
        for heading in form.get(field, ()):
            if known.setdefault(heading.casefold(), field) != field:
                key = f"blanketter[{form.get('id')}].{field}"
                problems.add(key, heading, "Ledtexten står vid två fält.", "Låt den stå vid ett.")


def _check_operation(values: Tree, problems: Problems) -> None:
    for key in values["backup"].get("recipients", ()):
        if not key.startswith("age1"):
            remedy = "Skriv den publika nyckeln, som börjar med age1; lyhord backup --new-key gör ett par."
            problems.add("backup.recipients", HIDDEN, "Det är ingen publik nyckel.", remedy)
    sender = values["probe"].get("from_address")
    if values["probe"].get("enabled") is True and sender is not None and not is_deaf(sender):
        remedy = "Skriv en adress som börjar med noreply; då kan provbrevet aldrig få något svar."
        problems.add("probe.from_address", sender or MISSING, "Provbrevens avsändare duger inte.", remedy)
