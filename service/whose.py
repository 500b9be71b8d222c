"""Whose a database is: one municipality's settings do not work on another's letters."""

import json

from cases.errors import ConfigError
from service.bootstrap import House

_KEY = "installation:whose"


def check_ours(house: House) -> None:
    """Notes the municipality's name and the addresses it reads, whenever the service or a command begins.

    Raises ConfigError where the database was worked on last under another name *and* for none of these addresses.
    Either may change, and is known by the other.
    """
    name, boxes = house.settings.municipality.name, house.settings.mailboxes
    addresses = sorted({address.lower() for box in boxes for address in box.addresses})
    with house.store.read() as tx:
        noted = tx.setting(_KEY)
    before = json.loads(noted) if noted else {"name": name, "addresses": []}
    if before["name"] != name and not set(addresses) & set(before["addresses"]):
        raise ConfigError(
            f"Databasen är för {before['name']} ({', '.join(before['addresses'])}), men inställningarna är för {name}. "
            "Rätta database.url. Byter kommunen både namn och adresser: ändra det ena, starta, ändra sedan det andra."
        )
    ours = json.dumps({"name": name, "addresses": addresses}, ensure_ascii=False)
    if ours != noted:
        with house.store.begin() as tx:
            tx.save_setting(_KEY, ours)
