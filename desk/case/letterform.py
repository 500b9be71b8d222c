"""The form under Svara: which fields a letter leaves to a person, what was typed, and the letter it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cases.case import Case
from cases.errors import NotAllowed
from cases.inbound.messages import Attachment
from cases.letters.letter import ANSWERS, LetterKind
from cases.letters.permit import Verdict, permit
from cases.letters.standard_texts import StandardText
from cases.post.citizen import Draft, draft
from cases.post.help_question import with_question
from cases.steps.answering.by_post import paper_draft, post_permit
from cases.steps.answering.copies import read_addresses
from cases.steps.routing.merge import whole_values
from desk.context import Asked
from desk.forms import Posted, in_words, one_of
from desk.settings import VariableField

_PREFIX = "f_"
COPIES = "f_kopia"
"""The fields of whom the letter is copied to."""
_COPIES = COPIES.removeprefix(_PREFIX)
# One line each: when a handläggare chooses this letter.
WHEN: dict[LetterKind, str] = {
    LetterKind.BESLUT_ATGARD: "Något görs. Berätta vad, när och vem.",
    LetterKind.BESLUT_INGEN: "Inget görs. Berätta varför och vem chefen är.",
    LetterKind.SVAR: "Avsändaren frågade något och du kan svara.",
    LetterKind.STATUS: "Svaret dröjer. Berätta hur det går och vad som händer nu.",
    LetterKind.LANGRE_TID: "Ni hinner inte i tid. Ge en ny dag och skälet.",
    LetterKind.KOMPLETTERA: "Du behöver veta mer av avsändaren.",
    LetterKind.URSAKT: "Det blev fel hos oss. Be om ursäkt och rätta till.",
    LetterKind.BEROM: "Avsändaren berömde någon. Tacka och berätta vem som fått veta det.",
    LetterKind.EJ_ANSVAR: "Någon annan än kommunen har hand om frågan.",
    LetterKind.VIDAREBEFORDRAD: "Någon annan i kommunen tar över.",
    LetterKind.HANVISNING: "Visa var man lämnar synpunkter.",
    LetterKind.SEKRETESS_SAFE: "Röjer ingenting. Be avsändaren höra av sig på ett säkert sätt.",
}


class Means(StrEnum):
    """How the answer reaches its reader."""

    MAIL = "mejl"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``value`` as letters write it, ``typed`` as the person typed it, ``kind`` text, short or date."""

    name: str
    label: str
    kind: str
    typed: str
    required: bool

    @property
    def value(self) -> str:
        """What goes into the letter."""
        return in_words(self.typed) if self.kind == "date" else self.typed

    @property
    def input_name(self) -> str:
        """The field's name in the form."""
        return _PREFIX + self.name


@dataclass(frozen=True, slots=True)
class LetterForm:
    """A chosen letter, its fields, the draft they make, and the addresses it is copied to."""

    kind: LetterKind
    fields: tuple[Field, ...]
    draft: Draft
    means: Means = Means.MAIL
    copies: tuple[str, ...] = ()

    @property
    def typed(self) -> dict[str, str]:
        """What a person typed, by variable, as it stands in the form, and whom it is copied to."""
        typed = {f.name: f.typed for f in self.fields if f.typed}
        return {**typed, _COPIES: ", ".join(self.copies)} if self.copies else typed

    @property
    def values(self) -> dict[str, str]:
        """What a person filled in, by variable."""
        return {f.name: f.value for f in self.fields if f.value}

    @property
    def replaced(self) -> bool:
        """Whether a flag lets only the neutral letter go in place of the chosen one."""
        return self.draft.kind is not self.kind

    @property
    def stopped(self) -> bool:
        """Whether nothing may go this way at all."""
        return self.draft.permit.verdict is Verdict.WITHHOLD

    @property
    def unfilled(self) -> list[str]:
        """Labels of what is missing; a name of ours where it is no field of the form."""
        labels = {f.name: f.label for f in self.fields}
        return [labels.get(name, name) for name in self.draft.missing]


def read_kind(text: str) -> LetterKind:
    """The chosen letter. Raises NotAllowed where it is none a person may send."""
    kind = one_of(LetterKind, text)
    if kind is None or kind not in ANSWERS:
        raise NotAllowed("Välj vilket brev du vill skicka.")
    return kind


def read_means(text: str, case: Case) -> Means:
    """The chosen way, or else mail; paper where no mail may go to the sender and paper may."""
    chosen = one_of(Means, text)
    if chosen is not None:
        return chosen
    no_mail = permit(case, LetterKind.SVAR, automatic=False).verdict is Verdict.WITHHOLD
    return Means.POST if no_mail and post_permit(case).verdict is Verdict.SEND else Means.MAIL


def make_form(
    person: Asked, case: Case, kind: LetterKind, typed: Mapping[str, str], means: Means = Means.MAIL
) -> LetterForm:
    """The fields of a letter with what was typed in them, and exactly what would be sent or printed."""
    empty = make_draft(person, case, kind, {}, means)
    asked = person.desk.settings.letter_fields
    optional = asked.optional.get(empty.kind, ()) if empty.kind is kind else ()
    names = [*empty.missing, *(n for n in optional if n not in empty.missing)]
    fields = tuple(
        _field(name, asked.of(name, empty.kind), typed.get(name, ""), required=name in empty.missing) for name in names
    )
    values = {f.name: f.value for f in fields if f.value}
    made = make_draft(person, case, kind, values, means)
    return LetterForm(kind, fields, made, means, read_addresses(typed.get(_COPIES, "")))


def make_draft(person: Asked, case: Case, kind: LetterKind, values: Mapping[str, str], means: Means) -> Draft:
    """The letter as it would go by mail, or as it would be printed."""
    with person.desk.store.read() as tx:
        values = whole_values(tx, person.office, case, kind, values, person.now)
        mailed = with_question(tx, person.office, case, kind, values)
    if means is Means.POST:
        return paper_draft(person.office, case, kind, values, person.user)
    return draft(person.office, case, kind, mailed, by=person.user)


def _field(name: str, asked: VariableField, typed: str, *, required: bool) -> Field:
    return Field(name, asked.label, asked.kind, typed, required)


def typed_values(form: Posted) -> dict[str, str]:
    """What was typed, by variable, and whom it is copied to: those ticked and those written."""
    names = (name for name, _ in form.pairs() if name.startswith(_PREFIX) and name != COPIES)
    typed = {name[len(_PREFIX) :]: form.text(name) for name in names}
    copies = read_addresses(" ".join(form.many(COPIES)))
    return {**typed, _COPIES: ", ".join(copies)} if copies else typed


def with_text(typed: Mapping[str, str], asked: str, texts: Sequence[StandardText]) -> dict[str, str]:
    """What was typed with a standard text below it: ``asked`` is the field and the text's id, parted by a colon."""
    field, _, text_id = asked.partition(":")
    words = [typed.get(field, ""), *(one.text for one in texts if one.id == text_id)]
    return {**typed, field: "\n\n".join(one for one in words if one)}


def chosen_files(person: Asked, form: Posted) -> list[Attachment]:
    """What was chosen to go along; one that was not read for its size is told by that alone."""
    attach = person.desk.settings.attach
    if attach is None:
        return []
    made = (attach(one.name, one.declared, one.content) for one in form.files)
    return [replace(file, size=one.size) for file, one in zip(made, form.files, strict=True)]
