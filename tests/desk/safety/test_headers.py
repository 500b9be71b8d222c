"""Every route of the desk, page, form or file: the headers that protect it, whatever it answers."""

import re

import pytest

from tests.desk import house as h
from tests.desk.safety.test_access import all_routes, parts
from tests.desk.steps import routed


@pytest.fixture
def ids(house) -> dict[str, str]:
    case = routed(house, h.lamp(house, attachments=(h.picture(),), html="<p>Hej</p>"))
    found = parts(house, case)
    return {"case_id": found["c"], "message_id": found["m"], "attachment_id": found["a"], "entry_id": found["e"]}


def addresses(app, ids: dict[str, str]) -> list[tuple[str, str]]:
    known = {**ids, "user_id": "handlaggare", "chapter": "registrator", "box": "0", "mail": "0"}
    return [(m, re.sub(r"\{(\w+)[^}]*\}", lambda f: known.get(f[1], "x"), path)) for m, path in all_routes(app)]


@pytest.mark.parametrize("who", ["", "registrator", "admin", "granskare"])
def test_every_answer_is_guarded(app, surf, ids, who: str) -> None:
    page = surf(who)
    seen = set()
    for method, path in [
        *addresses(app, ids),
        ("GET", "/finns/inte"),
        ("DELETE", "/mina"),
        ("GET", "/mina/"),
        ("GET", "/static/x.css"),
    ]:
        if path in ("/logga-ut", "/konto/logga-ut-overallt"):
            continue
        answer = page.client.request(method, path)
        headers, told = answer.headers, (method, path, answer.status_code)
        assert headers["cache-control"] == "no-store", told
        assert headers["x-content-type-options"] == "nosniff", told
        assert headers["referrer-policy"] == "same-origin", told
        assert headers["cross-origin-opener-policy"] == "same-origin", told
        assert headers["x-robots-tag"] == "noindex, nofollow", told
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, told
        assert "script-src" not in policy or "script-src 'self';" in policy, told
        assert "frame-ancestors" in policy, told
        assert "server" not in headers, told
        for cookie in headers.get_list("set-cookie"):
            assert "HttpOnly" in cookie, told
            assert "SameSite=Lax" in cookie, told
        if not headers.get("content-type", "text/html").startswith(("text/html", "image/")):
            assert (
                headers.get("content-disposition", "").startswith(("attachment; ", "inline; ")) or answer.text == ""
            ), told
        seen.add(answer.status_code)
    assert {303, 404} <= seen
    assert who in ("", "granskare") or 200 in seen


def test_nothing_typed_becomes_a_header(surf, house) -> None:
    evil = "x\r\nSet-Cookie: onda=1\r\n\r\n<script>"
    page = surf()
    page.get("/logga-in")
    for fields in ({"epost": evil, "losenord": evil, "nasta": evil}, {"epost": evil, "nasta": f"/{evil}"}):
        answer = page.post("/logga-in", **fields)
        assert "onda" not in repr(answer.headers)
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    fields = {"namn": evil, "epost": f"a@b.example{evil}", "titel": evil, "roll": "handlaggare", "galler": "gata"}
    answer = admin.post("/personer/handlaggare", **fields)
    assert "onda" not in answer.headers.get("set-cookie", "").replace("lyhord-sagt", "")
    with house.store.read() as tx:
        user = tx.user("handlaggare")
    assert not any(c in f"{user.name}{user.email}{user.title}" for c in "\r\n")
