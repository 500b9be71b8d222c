"""A routing that was a mistake is taken back: by who made it, and while nobody has begun on the case."""

from dataclasses import replace

from cases.case import CaseStatus
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind
from tests.desk import house as h


def undone(page, house, *cases):
    """Take these routings back, as they stand."""
    return page.post("/att-fordela/angra", val=[f"{one.id}:{house.case(one.id).version}" for one in cases])


def test_a_confirmation_pressed_by_mistake_is_taken_back(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get("/att-fordela")
    text = page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=case.version)).text
    assert f"Blev det fel med {case.number}?" in text
    with house.store.begin() as tx:
        (told,) = (e for e in tx.letters_of(case.id) if e.letter.kind is LetterKind.TILL_ENHETSREGISTRATOR)
        tx.update_entry(replace(told, status=OutboxStatus.SENT))
    page_text = page.follow(undone(page, house, case)).text
    assert f"Ärende {case.number} är tillbaka i kön. Enheten har redan fått ett mejl om det." in page_text
    assert "Blev det fel" not in page_text
    after = house.case(case.id)
    assert (after.status, after.unit_id) == (CaseStatus.SUGGESTED, "")
    with house.store.read() as tx:
        letters = {e.letter.kind: e.status for e in tx.letters_of(case.id)}
    assert letters.pop(LetterKind.TILL_ENHETSREGISTRATOR) is OutboxStatus.SENT
    assert letters.pop(LetterKind.MOTTAGNING, OutboxStatus.QUEUED) is OutboxStatus.QUEUED, "it names no unit"
    assert set(letters.values()) == {OutboxStatus.CANCELLED}
    page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=after.version))
    assert house.case(case.id).unit_id == "gata"


def test_several_confirmed_by_mistake_are_taken_back_together(house, surf) -> None:
    cases = [h.lamp(house, from_addr=f"{name}@post.example") for name in ("nils", "eva", "bo")]
    page = surf("registrator")
    page.get("/att-fordela")
    ticked = [f"{one.id}:{one.version}" for one in cases]
    text = page.follow(page.post("/att-fordela/bekrafta", val=ticked)).text
    assert all(f'value="{one.id}:{house.case(one.id).version}" checked' in text for one in cases)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(cases[2].id, SYSTEM), assignee_id="handlaggare"))
    text = page.follow(undone(page, house, *cases)).text
    assert "Två ärenden är tillbaka i kön." in text
    assert "Fördelningen går inte att ångra längre" in text, "one that moved on stops no other"
    assert [house.case(one.id).status for one in cases] == [
        CaseStatus.SUGGESTED,
        CaseStatus.SUGGESTED,
        CaseStatus.ROUTED,
    ]


def test_what_was_decided_on_the_page_of_the_case_is_taken_back_too(house, surf) -> None:
    page = surf("registrator")
    fields = {"enhet": "gata", "typ": "felanmalan", "ordning": "Överklagande", "orsak": "Reklam."}
    for choice in ("unit", "special_track", "not_a_case"):
        case = h.lamp(house, from_addr=f"{choice}@post.example")
        page.get(f"/arenden/{case.id}")
        answer = page.post(f"/arenden/{case.id}/fordela", version=house.case(case.id).version, beslut=choice, **fields)
        assert f"Blev det fel med {case.number}?" in page.follow(answer).text
        assert undone(page, house, case).status_code == 303
        assert (house.case(case.id).status, house.case(case.id).unit_id) == (CaseStatus.SUGGESTED, "")


def test_a_protected_case_given_to_another_authority_by_mistake_comes_back_to_where_it_was(house, surf) -> None:
    """Who gave it away may not read it any more, and could only ring them."""
    case, page = h.school(house), surf("registrator")
    page.get(f"/arenden/{case.id}")
    fields = {"beslut": "unit", "enhet": "hemtjanst", "typ": "klagomal", "flagga": [FlagKind.SKOLA]}
    answer = page.post(f"/arenden/{case.id}/fordela", version=case.version, **fields)
    assert house.case(case.id).authority_id == "son"
    assert page.get(f"/arenden/{case.id}").status_code == 404
    assert f"Blev det fel med {case.number}?" in page.follow(answer).text
    assert undone(page, house, case).status_code == 303
    assert house.case(case.id).authority_id == "ks"
    assert page.get(f"/arenden/{case.id}").status_code == 200


def test_nobody_takes_back_what_is_a_colleagues_or_old_or_begun_on(house, surf, clock) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    done = house.case(case.id)
    offer = f"/att-fordela?angra={case.id}"
    other = surf("gataregistrator")
    assert "Blev det fel" not in other.get(offer).text
    assert undone(other, house, case).status_code == 403
    stranger = surf("vissel")
    assert "Blev det fel" not in stranger.get(offer).text
    assert undone(stranger, house, case).status_code == 404
    with house.store.begin() as tx:
        begun = tx.save_case(replace(done, status=CaseStatus.ASSIGNED, assignee_id="handlaggare"))
    assert "Blev det fel" not in page.get(offer).text
    assert undone(page, house, case).status_code == 403
    with house.store.begin() as tx:
        tx.save_case(replace(begun, status=CaseStatus.ROUTED, assignee_id=""))
    assert "Blev det fel" in page.get(offer).text
    clock.pass_minutes(11)
    assert "Blev det fel" not in page.get(offer).text
    assert "Blev det fel" not in page.get("/att-fordela?angra=finns-inte").text
