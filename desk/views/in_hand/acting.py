"""Taking one step with a case: who may, in one transaction, and back with what was typed where it was refused."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.responses import Response

from cases.case import Case
from cases.errors import IllegalMove, NotAllowed, NotFound, StaleVersion, TemplateError
from cases.ports import Tx
from desk.case.page import case_page
from desk.context import Asked
from desk.forms import Form, Posted
from desk.rights import Action, rights

Step = Callable[[Tx, Case], object]
_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


def act(
    person: Asked,
    case_id: str,
    form: Form,
    action: Action,
    step: Step,
    said: str,
    *,
    about: str = "",
    fields: Mapping[str, str] = _NO_FIELDS,
) -> Response:
    """Take one step in one transaction; after a refusal the page comes back with everything that was typed.

    ``about`` is the field that a refusal is about where the form has several; ``fields`` names it by the part that the
    refusal tells (``Posted.blame``). Raises NotFound where the case is not theirs to see, StaleVersion where somebody
    was faster, NotAllowed where the page would not have the form any more.
    """
    offered = False
    try:
        with person.desk.store.begin() as tx:
            case = tx.get_case(case_id, person.viewer)
            demand(person, case, form, action)
            offered = True
            step(tx, case)
    except (NotAllowed, IllegalMove, TemplateError) as problem:
        if not offered:
            raise
        form.blame(problem, fields)
        if about and not form.blamed:
            form.blamed.append(about)
        return case_page(person, case_id, str(problem), form, 422)
    return _onwards(person, case_id, said)


def demand(person: Asked, case: Case, form: Posted, action: Action) -> None:
    """Raise NotAllowed where the action is not theirs; StaleVersion where that is so since the form was opened."""
    owned = rights(case, person.user, person.viewer)
    if not owned.may(action) and form.text("version") not in ("", str(case.version)):
        raise StaleVersion(f"Ärende {case.number} har ändrats sedan du öppnade det, och det du ville göra går inte nu.")
    owned.demand(action)


def _onwards(person: Asked, case_id: str, said: str) -> Response:
    """Back to the case, or to one's own list where the step took the case out of one's sight."""
    try:
        with person.desk.store.read() as tx:
            tx.get_case(case_id, person.viewer)
    except NotFound:
        return person.go("/", said)
    return person.go(f"/arenden/{case_id}", said)
