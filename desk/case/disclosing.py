"""What the page *Lämna ut handlingar* asks: which documents, what is masked in them, by which law."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.case import Case
from cases.disclosure.censor import Censor, Masking
from cases.disclosure.documents import (
    DEFAULT_GROUND,
    GROUNDS,
    JOURNAL,
    CaseDocument,
    HandOver,
    Proposal,
    case_documents,
    likely_ground,
    proposals,
)
from cases.disclosure.handout import Choice
from cases.disclosure.municipal import Municipal
from cases.store.views import CaseFile
from desk.context import Asked
from desk.forms import Posted, one_of

_CORRESPONDENT = ("Från", "Till")


@dataclass(frozen=True, slots=True)
class Asking:
    """The documents of a case, what a machine would mask, and what a person chose or would choose first."""

    documents: tuple[CaseDocument, ...]
    proposals: tuple[Proposal, ...]
    choice: Choice
    ticked: frozenset[str]
    chosen_grounds: dict[str, str]
    extra: str
    extra_ground: str

    def told(self, words: str) -> str:
        """The words as the page may show them beside a document: without what is masked as it is chosen now."""
        return Censor(self.choice.maskings)(words)

    def correspondent(self, document: CaseDocument) -> str:
        """``från Berit Alm`` or ``till berit@post.example``, to tell letters of one day apart; empty of others."""
        name, value = document.facts[0] if document.facts else ("", "")
        shown = self.told(value)
        who = shown.partition(" <")[0].strip("<>")
        return f"{name.lower()} {who}" if name in _CORRESPONDENT and who else ""


def ask(person: Asked, file: CaseFile, form: Posted | None) -> Asking:
    """Read the form; before anything was sent, propose: everything of an open case, masked where a flag acts."""
    with person.desk.store.read() as tx:
        texts = {d.attachment_id: d.text for d in tx.documents(file.case.id, person.viewer)}
        municipal = Municipal.of(person.office, tx.users())
    documents = case_documents(file, texts)
    found = proposals(file, documents, person.desk.settings.masker, municipal)
    first = likely_ground(f for f in file.case.flags if f.active)
    if form is None or not form.text("gor"):
        ways = {d.id: _likely(d, file.case) for d in documents}
        ticked = frozenset(p.id for p in found if p.key or (file.case.protected and not p.ours))
        chosen = {p.id: p.ground for p in found}
        hidden = [d.id for d in documents if file.case.protected and d.id != JOURNAL]
        left = {one: first for one in hidden if ways[one] is HandOver.LEAVE}
        choice = Choice(ways, _maskings(found, ticked, chosen, "", first), left)
        return Asking(tuple(documents), tuple(found), choice, ticked, chosen, "", first)
    return _read(form, documents, found, first)


def _likely(document: CaseDocument, case: Case) -> HandOver:
    """As it came where nothing is secret; else its text where there is one. The journal only where it is asked for."""
    if document.id == JOURNAL:
        return HandOver.LEAVE
    if not case.protected or HandOver.TEXT not in document.ways:
        return document.ways[0] if not case.protected else HandOver.LEAVE
    return HandOver.TEXT


def _read(form: Posted, documents: Sequence[CaseDocument], found: Sequence[Proposal], first: str) -> Asking:
    # What came in since the page was shown was looked at by nobody, so it is left out.
    ways = {d.id: one_of(HandOver, form.text(f"d_{d.id}")) or HandOver.LEAVE for d in documents}
    left = {d.id: g for d in documents if ways[d.id] is HandOver.LEAVE and (g := _ground(form.text(f"dg_{d.id}"), ""))}
    ticked = frozenset(form.many("maskera"))
    chosen = {p.id: _ground(form.text(f"g_{p.id}"), p.ground) for p in found}
    extra, extra_ground = form.text("eget"), _ground(form.text("eget_grund"), first)
    choice = Choice(
        ways,
        _maskings(found, ticked, chosen, extra, extra_ground),
        left,
        form.text("besked"),
        frozenset(form.many("tittat")),
    )
    return Asking(tuple(documents), tuple(found), choice, ticked, chosen, extra, extra_ground)


def _ground(text: str, otherwise: str = DEFAULT_GROUND) -> str:
    return text if text in GROUNDS else otherwise


def _maskings(
    found: Sequence[Proposal], ticked: frozenset[str], chosen: dict[str, str], extra: str, extra_ground: str
) -> list[Masking]:
    own = [Masking(" ".join(line.split()), extra_ground) for line in extra.splitlines() if line.strip()]
    return [*own, *(replace(p.masking, ground=chosen[p.id]) for p in found if p.always or p.id in ticked)]
