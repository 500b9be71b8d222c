"""Where local models are kept, and which unit took over what."""

import config
from tests.config.conftest import problems


def test_local_models_need_a_folder_where_the_database_is_no_file(tree, write, environ) -> None:
    tree["database"] = {"url": "postgresql+psycopg://lyhord@127.0.0.1/lyhord"}
    tree["classifier"] = {"local_training": True}
    assert [fault.key for fault in problems(write(tree), environ)] == ["classifier.local_folder"]
    tree["classifier"]["local_folder"] = "modeller"
    assert config.load(write(tree), environ).classifier.local_folder.name == "modeller"


def test_a_unit_of_today_is_found_by_the_id_it_had(tree, write, environ) -> None:
    tree["units"][0]["took_over"] = ["gamla_ett", "gamla_tva"]
    organisation = config.load(write(tree), environ).organisation
    assert organisation.unit_now("gamla_ett") == organisation.unit_now("gamla_tva") == tree["units"][0]["id"]
    assert organisation.unit_now("nya") == "nya"


def test_a_unit_is_taken_over_once(tree, write, environ) -> None:
    tree["units"][0]["took_over"] = ["gamla"]
    tree["units"][1]["took_over"] = ["gamla"]
    (fault,) = problems(write(tree), environ)
    assert fault.key == f"units[{tree['units'][1]['id']}].took_over"
