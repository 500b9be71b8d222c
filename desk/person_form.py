"""What an administrator may say of a person in the form."""

from dataclasses import replace

from cases.errors import NotAllowed
from cases.office import Office
from cases.people.access import EVERYWHERE, Grant, Role, User
from desk.forms import Posted, flatten, one_of
from desk.people import scope_names


def grants_of(form: Posted) -> frozenset[Grant]:
    """The roles a form gives."""
    pairs = zip(form.many("roll"), form.many("galler"), strict=False)
    return frozenset(Grant(role, scope or EVERYWHERE) for text, scope in pairs if (role := one_of(Role, text)))


def changed_person(user: User, form: Posted, office: Office, by: User) -> User:
    """The person as the form says. Raises NotAllowed where something lacks, or one's own role would go."""
    email, name = flatten([form.text("epost")]).lower(), flatten([form.text("namn")])
    if not name or "@" not in email:
        raise form.refusal("epost" if name else "namn", "Fyll i namn och e-postadress.")
    grants = grants_of(form)
    if user.id == by.id and not any(g.role is Role.ADMIN for g in grants):
        raise NotAllowed("Du kan inte ta ifrån dig själv administratörsrollen. Be en annan administratör.")
    known = scope_names(office)
    if any(grant.scope not in known for grant in grants - user.grants):
        raise NotAllowed("Välj vad varje roll gäller i listan.")
    return replace(user, email=email, name=name, title=flatten([form.text("titel")]), grants=grants)
