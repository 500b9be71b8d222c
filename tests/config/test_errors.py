"""Every fault names file, key, value and remedy, and all of them are told at once."""

import pytest

from cases.errors import ConfigError
from config import load
from config.layers import unreadable
from tests.config.conftest import problems

BOX = "mailboxes[rattvik]"
# Dotted place in the tree (a number is a place in a list), the wrong value, the key named, what the message must hold.
WRONG = [
    ("municipality.name", "", "municipality.name", "tom"),
    ("municipality.name", 7, "municipality.name", "citattecken"),
    ("municipality.name", "två\nrader", "municipality.name", "en rad"),
    ("municipality.name", "noll\0", "municipality.name", "nolltecken"),
    ("municipality.organisation_number", "2120000000", "municipality.organisation_number", "212000-0000"),
    ("municipality.web", "www.rattvik.example", "municipality.web", "https://"),
    ("municipality.web", "https://", "municipality.web", "https://www"),
    ("municipality.web", "http://[::1", "municipality.web", "webbadress"),
    ("municipality.web", "https://rattvik.example:99999/", "municipality.web", "webbadress"),
    ("municipality.dpo_contact", "Ombudet <d@rattvik.example>", "municipality.dpo_contact", "namn@kommunen.se"),
    ("municipality.dpo_contact", "a..b@rattvik.example", "municipality.dpo_contact", "e-postadress"),
    ("municipality.dpo_contact", f"{'a' * 65}@rattvik.example", "municipality.dpo_contact", "e-postadress"),
    ("mailboxes.0.id", "Med Mellanslag", "mailboxes[Med Mellanslag].id", "a–z"),
    ("mailboxes.0.authority", "finns_inte", f"{BOX}.authority", "ks, bun, son, kun, mbn"),
    ("mailboxes.0.addresses", [], f"{BOX}.addresses", "minst 1"),
    ("mailboxes.0.addresses", "s@rattvik.example", f"{BOX}.addresses", "hakparenteser"),
    ("mailboxes.0.addresses", ["s@rattvik.example"] * 2, f"{BOX}.addresses", "en gång"),
    ("mailboxes.0.host", "imaps://imap.rattvik.example", f"{BOX}.host", "imap.kommunen.se"),
    ("mailboxes.0.host", "imap..example", f"{BOX}.host", "servernamn"),
    ("mailboxes.0.host", "-imap.example", f"{BOX}.host", "servernamn"),
    ("mailboxes.0.port", 0, f"{BOX}.port", "1 till 65535"),
    ("mailboxes.0.port", "70000", f"{BOX}.port", "1 till 65535"),
    ("mailboxes.0.port", "imaps", f"{BOX}.port", "heltal"),
    ("mailboxes.0.port", True, f"{BOX}.port", "heltal"),
    ("mailboxes.0.port", 99.5, f"{BOX}.port", "heltal"),
    ("mailboxes.0.tls", "ssl", f"{BOX}.tls", "tls, starttls, none"),
    ("mailboxes.0.tls", "none", f"{BOX}.tls", "egna maskinen"),
    ("mailboxes.0.ca_file", "finns-inte.pem", f"{BOX}.ca_file", "sökvägen"),
    ("mailboxes.0.ca_file", "~ingen-sadan-person/ca.pem", f"{BOX}.ca_file", "sökvägen"),
    ("mailboxes.0.login", "xoauth2", f"{BOX}.oauth2", "Nyckelhämtning"),
    ("mailboxes.0.poll_seconds", 1, f"{BOX}.poll_seconds", "5 till 3600"),
    ("mailboxes.0.done", "inbox", f"{BOX}.done", "hämtas igen"),
    ("mailboxes.0.done", "junk", f"{BOX}.done", "hämtas igen"),
    ("mailboxes.0.junk", "INBOX", f"{BOX}.junk", "samma mapp som inbox"),
    ("mailboxes.0.max_message_bytes", 1, f"{BOX}.max_message_bytes", "100000"),
    ("mailboxes", {"id": "x"}, "mailboxes", "[[mailboxes]]"),
    ("mailboxes", [], "mailboxes", "minst en"),
    ("intake", "allt", "intake", "[intake]"),
    ("intake.own_servers", ["mx rattvik"], "intake.own_servers", "servernamn"),
    ("intake.spam_headers", ["X-Spam-Flag"], "intake.spam_headers", "X-Spam-Flag: YES"),
    ("smtp.from_address", "annan@rattvik.example", "smtp.from_address", "synpunkter@rattvik.example"),
    ("smtp.reply_address", "synpunkter@rattvik.example", "smtp.reply_address", "svar+{token}@kommunen.se"),
    ("smtp.reply_address", "{token}{token}@rattvik.example", "smtp.reply_address", "svar+{token}@kommunen.se"),
    ("smtp.reply_address", f"{'a' * 20}{{token}}@rattvik.example", "smtp.reply_address", "19 tecken"),
    ("smtp.user", "", "smtp.user", 'login = "none"'),
    ("smtp.timeout_seconds", 0, "smtp.timeout_seconds", "1 till 600"),
    ("database.url", "mysql://db/lyhord", "database.url", "postgresql+psycopg://"),
    ("database.url", "postgresql://db:port/lyhord", "database.url", "porten"),
    ("database.url", "postgresql://[::1/lyhord", "database.url", "adress"),
    ("desk.base_url", "http://lyhord.rattvik.example", "desk.base_url", "https://"),
    ("desk.base_url", "http://127.0.0.1:8080", "desk.base_url", "https_only = false"),
    ("desk.https_only", False, "desk.https_only", "https_only = true"),
    ("desk.https_only", "ja", "desk.https_only", "true eller false"),
    ("desk.session_idle_minutes", 1, "desk.session_idle_minutes", "5 till 1440"),
    ("desk.trusted_proxies", ["proxy"], "desk.trusted_proxies", "10.0.0.0/8"),
    ("desk.trusted_proxies", ["10.0.0.1/8"], "desk.trusted_proxies", "10.0.0.0/8"),
    ("login.local_accounts", False, "login.local_accounts", 'provider = "oidc"'),
    ("login.provider", "saml", "login.provider", "none, oidc"),
    ("login.provider", "oidc", "login.oidc", "Kommunens egen inloggning"),
    ("login.totp_roles", ["kung"], "login.totp_roles", "registrator, handlaggare"),
    ("login_groups", [{"id": "a", "roles": ["kung"]}], "login_groups[a].roles", "chef:gata"),
    ("login_groups", [{"id": "a", "roles": ["chef:inget"]}], "login_groups[a].roles", "lägg till den"),
    ("numbering.case", "RK-{year}", "numbering.case", "EK-{year}-{serial:05d}"),
    ("numbering.case", "RK-{year}-{serial}-{serial}", "numbering.case", "högst en gång"),
    ("numbering.case", "RK-{year}-{serial:>9}", "numbering.case", "mönstret"),
    ("numbering.case", "RK-{year}-{serial}}}", "numbering.case", "mönstret"),
    ("numbering.case", "RK-{year}-{serial}-{plan}", "numbering.case", "mönstret"),
    ("promises.0.kind", "svar", "promises[svar].kind", "receipt, status, answer"),
    ("promises.0.days", 0, "promises[receipt].days", "1 till 365"),
    ("promises.1.kind", "receipt", "promises[receipt].kind", "ta bort"),
    ("letters.languages", ["svenska!"], "letters.languages", "sv eller en"),
    ("letters.template_folder", "finns-inte", "letters.template_folder", "Skapa den"),
    ("letters.template_folder", "x" * 5000, "letters.template_folder", "Skapa den"),
    ("letters.internal_domains", ["@rattvik.example"], "letters.internal_domains", "servernamn"),
    ("calendar.opens", "7", "calendar.opens", "07:00"),
    ("calendar.opens", "25:00", "calendar.opens", "klockslag"),
    ("calendar.closes", "06:00", "calendar.closes", "efter 07:00"),
    ("calendar.closes", "07:00", "calendar.closes", "efter 07:00"),
    ("calendar.closing_days", ["2026-02-30"], "calendar.closing_days", "år-månad-dag"),
    ("cases.channels", ["fax"], "cases.channels", "email, letter"),
    ("cases.first_receiver", "alla", "cases.first_receiver", "central, unit"),
    ("outcomes.0.roles", ["kung"], "outcomes[acted].roles", "registrator, handlaggare"),
    ("reports.half_yearly_months", [2, 13], "reports.half_yearly_months", "1 till 12"),
    ("reports.columns", ["namn"], "reports.columns", "unit, date"),
    ("classifier.auto_confirm", True, "classifier.auto_confirm_areas", "auto_confirm = false"),
    ("classifier.auto_confirm_confidence", 95, "classifier.auto_confirm_confidence", "0 till 1"),
    ("classifier.auto_confirm_confidence", 1.01, "classifier.auto_confirm_confidence", "0 till 1"),
    ("classifier.auto_confirm_confidence", True, "classifier.auto_confirm_confidence", "0 till 1"),
    ("classifier.auto_confirm_confidence", float("nan"), "classifier.auto_confirm_confidence", "0 till 1"),
    ("units.1.took_over", ["kansli"], "units[hr].took_over", "ta bort den här"),
    ("retention.years", 5, "retention.decision", "years = 0"),
    ("organisation.home_authority", "kf", "organisation.home_authority", "ks, bun"),
    ("organisation.central_unit", "kontoret", "organisation.central_unit", "kansli, hr"),
    ("organisation.central_registrators", ["registrator"], "organisation.central_registrators", "e-postadress"),
    ("authorities.1.id", "ks", "authorities[ks].id", "Byt det ena"),
    ("authorities.1.series", "KS", "authorities[bun].series", "egen serie"),
    ("authorities.4.registry_pattern", "KS {year}/{serial}", "authorities[mbn].registry_pattern", "egen serie"),
    (
        "authorities.4.registry_pattern",
        "RK-{year}-{serial:05d}",
        "authorities[mbn].registry_pattern",
        "numbering.case ger samma",
    ),
    ("authorities.1.diary_of", "kf", "authorities[bun].diary_of", "ks, bun"),
    ("authorities.1.diary_of", "bun", "authorities[bun].diary_of", "lämna tomt"),
    ("authorities.1.diary_of", "son", "authorities[bun].diary_of", "lämna tomt"),
    ("authorities.1.registers", "inget", "authorities[bun].registers", "all, sekretess"),
    ("authorities.1.registry_pattern", "BUN {år}", "authorities[bun].registry_pattern", "KS/{year}:{serial} {plan}"),
    ("departments.0.authority", "kf", "departments[stod].authority", "ks, bun"),
    ("departments.0.head.email", "chefen", "departments[stod].head.email", "e-postadress"),
    ("units.0.department", "hemma", "units[kansli].department", "stod, samhalle"),
    ("units.0.manager", "Birgit", "units[kansli].manager", "tabell"),
    ("areas.kost", "matsalen", "areas.kost", "lägg till den"),
    ("areas.kost", "", "areas.kost", "areas.default = true"),
]


def put(tree, place, value):
    """Put a value at a dotted place of a tree."""
    *way, last = place.split(".")
    for step in way:
        tree = tree[int(step)] if step.isdigit() else tree.setdefault(step, {})
    tree[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(("place", "value", "key", "says"), WRONG)
def test_a_wrong_value_is_named_with_file_key_and_remedy(place, value, key, says, tree, write, environ):
    put(tree, place, value)
    found = problems(write(tree), environ)
    fault = next((each for each in found if each.key == key), None)
    assert fault is not None, found
    assert fault.file.endswith("kommun.toml")
    assert says.lower() in f"{fault.what} {fault.remedy}".lower()
    assert fault.what
    assert fault.remedy.endswith((".", "?"))
    assert f"{fault.file_and_line}: {fault.key}" in str(fault)


def test_two_mailboxes_that_read_one_folder_are_refused(tree, write, environ):
    """Each of them would fetch what the other has not moved yet, and nobody knows whose case it became."""
    second = tree["mailboxes"][0] | {"id": "andra", "addresses": ["andra@rattvik.example"]}
    tree["mailboxes"].append(second)
    (fault,) = problems(write(tree), environ)
    assert fault.key == "mailboxes[andra].user"
    assert BOX in fault.what
    second["inbox"] = "Andra"
    load(write(tree), environ)


SHOWN = [
    ("mailboxes.0.port", 70000, "70000"),
    ("mailboxes.0.tls", "ssl", "'ssl'"),
    ("municipality.web", "x" * 200, "…"),
    ("smtp.from_address", "annan@rattvik.example", "'annan@rattvik.example'"),
    ("units.0.department", "hemma", "'hemma'"),
]


@pytest.mark.parametrize(("place", "value", "shown"), SHOWN)
def test_the_message_shows_the_value_at_a_readable_length(place, value, shown, tree, write, environ):
    put(tree, place, value)
    (fault,) = problems(write(tree), environ)
    assert shown in str(fault)
    assert len(fault.value) <= 60


REQUIRED = [
    "municipality.name",
    "municipality.web",
    "mailboxes.0.host",
    "mailboxes.0.password_env",
    "smtp.host",
    "smtp.password_env",
    "desk.base_url",
    "desk.secret_env",
    "numbering.case",
    "units.0.name",
    "departments.0.head.name",
]


@pytest.mark.parametrize("place", REQUIRED)
def test_a_missing_key_is_named_with_its_meaning(place, tree, write, environ):
    *way, last = place.split(".")
    inner = tree
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    del inner[last]
    (fault,) = problems(write(tree), environ)
    assert fault.key.endswith(f".{last}")
    assert fault.what == "Nyckeln saknas."
    assert fault.remedy.startswith("Lägg till den: ")
    assert fault.value == ""


UNKNOWN = [
    ("municipality.namn", "x", "municipality.namn", "Menade du name?"),
    ("mailboxes.0.prot", 993, f"{BOX}.prot", "Menade du port?"),
    ("mailbox", [], "mailbox", "Menade du mailboxes?"),
    ("extend", "osby", "extend", "Menade du extends?"),
    ("smtp.extends", "osby", "smtp.extends", "extends står överst i filen"),
    ("units.0.manager.telefon", "1", "units[kansli].manager.telefon", "name, title, email"),
    ("areas.gata", "gata", "areas.gata", "gata_park"),
    ("units.0.remove", True, "units[kansli].remove", "Ta annars bort den."),
    ("authorities.0.legal_text", "x", "authorities[ks].legal_text", "id, name"),
]


@pytest.mark.parametrize(("place", "value", "key", "says"), UNKNOWN)
def test_an_unknown_key_is_refused_with_what_was_meant(place, value, key, says, tree, write, environ):
    put(tree, place, value)
    (fault,) = problems(write(tree), environ)
    assert (fault.key, fault.what) == (key, "Nyckeln är okänd.")
    assert says in fault.remedy


def test_all_faults_are_told_at_once(tree, write, environ):
    for place, value in (("municipality.web", "x"), ("smtp.port", "y"), ("areas.kost", "z"), ("nytt", 1)):
        put(tree, place, value)
    environ.pop("LYHORD_DESK_SECRET")
    with pytest.raises(ConfigError) as caught:
        load(write(tree), environ)
    lines = str(caught.value).splitlines()
    assert lines[0] == "5 fel i inställningarna:"
    for key in ("municipality.web", "smtp.port", "areas.kost", "nytt", "desk.secret_env"):
        assert sum(f": {key}" in line for line in lines) == 1


def test_a_fault_in_a_referred_table_does_not_make_false_ones(tree, write, environ):
    put(tree, "units.0.phone", 12)
    (fault,) = problems(write(tree), environ)
    assert fault.key == "units[kansli].phone"


def test_an_address_belongs_to_one_mailbox(tree, write, environ):
    other = {"id": "andra", "user": "andra@rattvik.example", "addresses": ["SYNPUNKTER@rattvik.example"]}
    tree["mailboxes"].append(tree["mailboxes"][0] | other)
    (fault,) = problems(write(tree), environ)
    assert fault.key == "mailboxes[andra].addresses"
    assert "rattvik" in fault.what


SYNTAX = [
    ('[municipality]\nname = "Rättvik\n', "municipality.name", "rad 2", "citattecken"),
    ("[municipality]\nname = 1\nname = 2\n", "municipality.name", "Nyckeln står en gång till, rad 3", "Låt en"),
    ("smtp = {port = 1, port = 2}\r\n", "smtp", "Nyckeln står en gång till, rad 1", "Låt en"),
    ("[smtp]\nport=2\n[smtp.port]\nx=1\n", "smtp.port", "Nyckeln står en gång till, rad 3", "Låt en"),
    ("[municipality", "", "filens slut", "egen rad"),
    ("[smtp]\nhost = ”mail”\n", "smtp.host", "rad 2, tecken 8", 'raka (")'),
    ('[smtp]\nhost =\u00a0"mail"\n', "smtp.host", "rad 2, tecken 7", "inte syns"),
    ("[smtp]\nlösenord = 1\n", "smtp.lösenord", "likhetstecken", "citattecken"),
    ("[desk]\nhttps_only = ja\n", "desk.https_only", "rad 2", "true och false"),
    ("[classifier]\nauto_confirm_confidence = 0,95\n", "classifier.auto_confirm_confidence", "rad 2", "punkt"),
    ("[[expiries]]\nday = 2026-02-30\n", "expiries.day", "finns inte, rad 2", "2026-12-31"),
    ('[calendar]\nclosing_days = ["2026-02-03"\n[smtp]\n', "", "Listan är inte avslutad, rad 3", "komma"),
    ('[letters]\nx = "C:\\mallar"\n', "letters.x", "rad 2", "skrivs dubbelt"),
    ('[smtp]\npassword = "hem"lig"\n', "smtp.password", "rad 2", "citattecken"),
]


@pytest.mark.parametrize(("text", "key", "what", "remedy"), SYNTAX)
def test_a_syntax_error_names_its_line_and_key_in_swedish(text, key, what, remedy, write, environ):
    """It was told in tomllib's English, without the key."""
    (fault,) = problems(write(text), environ)
    assert fault.key == key
    assert what in fault.what
    assert remedy in fault.remedy
    assert "hem" not in str(fault).removeprefix(fault.file)


WHERE = """\
extends = "osby"
[organisation]
central_unit = "finns_inte"
[[units]]
id = "gata"
name = '''
[smtp]
port = 1'''
phone = 12
[units.manager]
email = "x"
[[units]]
id = "ny"
manager = { name = "N", title = "T", email = "y" }
[calendar]
opens = "08:00"  # closes = "07:00"
closes = "07:00"
"areas".kost = "z"
[[expiries]]
id = "a"
"""
LINES = {
    "organisation.central_unit": 3,
    "units[gata].name": 6,
    "units[gata].phone": 9,
    "units[gata].manager.email": 11,
    "units[ny].department": 12,
    "units[ny].manager.email": 14,
    "calendar.closes": 17,
    "calendar.areas": 18,
    "expiries[a].day": 19,
}


def test_a_fault_of_meaning_names_its_line_too(write, environ):
    """Only faults of syntax did, and a municipality's file has hundreds of lines."""
    found = {fault.key: fault for fault in problems(write(WHERE.replace("\n", "\r\n")), environ)}
    assert {key: found[key].line for key in LINES} == LINES
    assert "kommun.toml, rad 17: calendar.closes = " in str(found["calendar.closes"])


def test_what_is_lacking_altogether_names_no_line(tree, write, environ):
    tree.pop("municipality")
    assert {fault.line for fault in problems(write(tree), environ)} == {0}


def test_a_table_that_is_written_twice_is_named(write, environ):
    (fault,) = problems(write("[smtp.oauth2]\n[smtp.oauth2]\n"), environ)
    assert fault.what == "Tabellen [smtp.oauth2] står en gång till, rad 2, tecken 13."
    assert fault.remedy.startswith("Flytta nycklarna till den första")


def test_a_file_that_is_not_utf8_is_named(tmp_path, environ):
    path = tmp_path / "gammal.toml"
    path.write_bytes("[smtp]\n# Rättvik".encode("latin-1"))
    (fault,) = problems(path, environ)
    assert fault.file == str(path)
    assert "rad 2" in fault.what
    assert "UTF-8" in fault.remedy


def test_a_byte_order_mark_does_no_harm(tmp_path, environ):
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbfextends = "osby"\r\n')
    assert load(path, environ).municipality.name == "Osby kommun"


def test_a_file_nested_too_deeply_is_named(write, environ):
    (fault,) = problems(write("a = " + "[" * 5000), environ)
    assert "nästlad" in fault.what


@pytest.mark.parametrize(
    ("name", "says"), [("ratvik", "rattvik"), ("finns-inte.toml", "osby, rattvik, demo"), ("\0", "osby")]
)
def test_a_file_that_is_not_there_is_named(name, says, environ):
    (fault,) = problems(name, environ)
    assert (fault.file, fault.what) == (name, "Filen finns inte.")
    assert says in fault.remedy


def test_a_folder_in_place_of_the_file_is_told_so(tmp_path, environ):
    (fault,) = problems(tmp_path, environ)
    assert fault.what == "Det är en mapp."
    assert str(tmp_path / "lyhord.toml") in fault.remedy


def test_whoever_may_not_read_the_file_is_named():
    # root, whom tests may run as, reads everything: the system's answer is made here.
    assert unreadable(PermissionError(13, "Permission denied")).startswith("Filen får inte läsas av användaren ")
    assert unreadable(OSError(5, "Input/output error")) == "Filen går inte att läsa (disken svarar med fel)."


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("sqlite:///lyhord.sqlite", "sqlite:///{here}/lyhord.sqlite"),
        ("sqlite:///data/lyhord.sqlite", "sqlite:///{here}/data/lyhord.sqlite"),
        ("sqlite:////srv/lyhord.sqlite", "sqlite:////srv/lyhord.sqlite"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_a_database_file_is_counted_from_the_settings_folder(url, read, tree, write, environ, tmp_path):
    tree["database"] = {"url": url}
    assert load(write(tree), environ).database.url.reveal() == read.format(here=tmp_path)


def test_two_slashes_name_no_database_file(tree, write, environ):
    tree["database"] = {"url": "sqlite://lyhord.sqlite"}
    (fault,) = problems(write(tree), environ)
    assert "sqlite:////var/lib/lyhord/lyhord.sqlite" in fault.remedy
