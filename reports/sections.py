"""A compilation as tables with headings, the same for page, PDF and spreadsheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cases.calendar import swedish_date
from cases.compilations.compiled import Compilation, ListLine, YearLine
from cases.compilations.figures import SMALLEST, Figure, Kept, Median, shown
from cases.compilations.periods import ListColumn
from cases.promises import PROMISE_NAMES, PromiseKind
from reports.words import HIDDEN, NBSP, NOTHING, Cell, Days, Hidden, Share, written

_LIST_COLUMNS: dict[ListColumn, tuple[str, Callable[[ListLine], Cell]]] = {
    ListColumn.UNIT: ("Enhet", lambda line: line.unit),
    ListColumn.DATE: ("Datum", lambda line: line.day),
    ListColumn.KIND: ("Typ", lambda line: line.kind),
    ListColumn.CONCERNS: ("Vad det berör", lambda line: line.concerns),
    ListColumn.MEASURE: ("Åtgärd", lambda line: line.measure),
    ListColumn.CAUSE: ("Orsak och förbättring", lambda line: line.cause),
}
_COMPLAINT = "Vad klagomålet berör"
HIDDEN_NOTE = (
    f"Antal under {SMALLEST} visas inte, så att ingen enskild pekas ut. Ibland visas inte heller ett större antal, "
    "för att de små inte ska kunna räknas ut."
)
_PROTECTED_NOTE = "Skyddade ärenden har neutral text. Avsändaren står aldrig i listan."
_FAULTS_NOTE = "Felanmälningar räknas som klagomål."


@dataclass(frozen=True, slots=True)
class Chart:
    """What a table's bar chart shows: ``values`` None is withheld, ``percent`` says that they are shares."""

    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One table under its heading; ``id`` is short ASCII. ``wide`` marks the list, whose columns hold sentences."""

    id: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: Chart | None = None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A compilation ready to be written: ``summary`` are sentences, ``gaps`` what somebody must fill in."""

    title: str
    municipality: str
    scope: str
    period: str
    made_on: str
    summary: tuple[str, ...]
    gaps: tuple[str, ...]
    statistics: tuple[Section, ...]
    listing: Section

    @property
    def sections(self) -> tuple[Section, ...]:
        """Figures first, then the list."""
        return (*self.statistics, self.listing)


def report_of(made: Compilation, municipality: str, scope: str = "") -> Report:
    """The report of a compilation; ``scope`` names its part otherwise than the profile does."""
    return Report(
        title=f"Synpunkter och klagomål, {made.period.name}",
        municipality=municipality,
        scope=scope or made.scope.name,
        period=made.period.name,
        made_on=swedish_date(made.made_on),
        summary=tuple(_summary(made)),
        gaps=made.gaps,
        statistics=tuple(section for section in _statistics(made) if section.rows),
        listing=_listing(made),
    )


def _summary(made: Compilation) -> Iterable[str]:
    if made.total is None and not made.period.half:
        # A year's may be large, and is withheld where that of one of its halves is small.
        yield "Hur många ärenden som kom in visas inte, så att ingen enskild pekas ut."
    elif made.total is None:
        yield f"Det kom in färre än {SMALLEST} ärenden."
    elif not made.total:
        yield "Det kom inte in några ärenden."
    else:
        yield f"Det kom in {written(made.total)} ärenden."
    if made.total != 0:
        yield _listed(len(made.lines), made.total)
    if made.answered.days is not None:
        days = written(Days(made.answered.days))
        yield f"Hälften fick svar inom {days}{NBSP}{'arbetsdag' if days == '1' else 'arbetsdagar'}."
    for kept in made.kept:
        if kept.in_time is not None:
            yield f"{PROMISE_NAMES[kept.kind]}: {written(Share(kept.in_time))} i tid."
    # The routine is one for the whole municipality, and is looked over once a year (O27).
    if made.review and not made.period.half:
        yield made.review


def _listed(count: int, total: int | None) -> str:
    """How many stand in the list; said so that neither they nor the others are told where they are few."""
    if not count:
        return "Inget av dem hör till listan."
    if shown(count) is None:
        return f"Färre än {SMALLEST} av dem står i listan."
    # The total less the number would tell of the few that are not in it.
    if total is not None and shown(total - count) is None:
        return "De flesta av dem står i listan."
    return f"{written(count)} av dem står i listan."


def _statistics(made: Compilation) -> Iterable[Section]:
    yield _counts("manad", "Ärenden per månad", "Månad", made.by_month, chart=True)
    yield _counts("enhet", "Ärenden per enhet", "Enhet", made.by_unit, chart=True)
    yield _counts("typ", "Ärenden per typ", "Typ", made.by_type)
    yield _counts("omrade", "Ärenden per ämne", "Ämne", made.by_area)
    yield _counts("vag", "Ärenden per väg in", "Väg in", made.by_channel)
    yield _kept(made.kept)
    yield _times(made)
    yield _counts("utfall", "Så slutade ärendena", "Utfall", made.by_outcome)
    yield _counts("kannetecken", "Ärenden per kännetecken", "Kännetecken", made.by_hallmark)
    yield Section("orsaker", "Orsaker och förbättringar", ("Enhet", "Orsak och förbättring"), made.causes, wide=True)
    yield _helped(made)
    yield _agreed(made)
    yield _years(made)


def _hidden(value: int | None) -> Cell:
    return HIDDEN if value is None else value


def _share(value: float | None, count: int | None) -> Cell:
    """A share of so many."""
    if count == 0:
        return NOTHING
    return HIDDEN if value is None else Share(value)


def _counts(name: str, heading: str, column: str, figures: Sequence[Figure], *, chart: bool = False) -> Section:
    rows = tuple((figure.label, _hidden(figure.count)) for figure in figures)
    note = HIDDEN_NOTE if any(figure.count is None for figure in figures) else ""
    # Bars of nothing but noughts show nothing.
    told = chart and len(rows) > 1 and any(figure.count != 0 for figure in figures)
    bars = Chart(tuple(f.label for f in figures), tuple(f.count for f in figures)) if told else None
    return Section(name, heading, (column, "Antal"), rows, note, bars)


def _kept(kept: Sequence[Kept]) -> Section:
    rows = tuple(
        (PROMISE_NAMES[k.kind], _hidden(k.promised), *(_share(one, k.promised) for one in (k.in_time, k.as_told)))
        for k in kept
    )
    told = [k for k in kept if k.promised != 0]
    chart = Chart(tuple(PROMISE_NAMES[k.kind] for k in told), tuple(k.in_time for k in told), percent=True)
    note = "Ärenden vars dag ännu inte har kommit räknas inte. En senare dag räknas bara om avsändaren fick veta den."
    columns = ("Löfte", "Ärenden", "I tid", "I tid eller som vi senare lovat")
    return Section("loften", "Så höll vi löftena", columns, rows, note, chart if told else None)


def _times(made: Compilation) -> Section:
    named = (("Till svar", made.answered), ("Till avslut", made.closed))
    rows = tuple((label, _hidden(time.count), _median(time)) for label, time in named if time.count != 0)
    note = "Arbetsdagar efter den dag brevet kom. Hälften av ärendena gick fortare och hälften långsammare."
    return Section("tider", "Så lång tid tog det", ("Tid", "Ärenden", "Median, arbetsdagar"), rows, note)


def _median(time: Median) -> Cell:
    if time.days is not None:
        return Days(time.days)
    return NOTHING if time.count == 0 else HIDDEN


def _agreed(made: Compilation) -> Section:
    rows = tuple((one.label, _hidden(one.count), _share(one.share, one.count)) for one in made.agreed)
    note = "Hur ofta registratorn valde den enhet som Lyhörd föreslog, när ärendet fördelades första gången."
    return Section("forslag", "Så ofta stämde förslagen", ("Enhet", "Fördelade", "Som föreslaget"), rows, note)


def _helped(made: Compilation) -> Section:
    rows = tuple(
        (one.label, _hidden(one.asked), _hidden(one.answered), _share(one.share, one.answered)) for one in made.helped
    )
    note = "Räknat på de brev med svar som frågade och gick i väg under tiden. Andelen är av dem som svarade."
    return Section("hjalpt", "Blev de hjälpta?", ("Enhet", "Tillfrågade", "Svarade", "Blev hjälpta"), rows, note)


def _years(made: Compilation) -> Section:
    years = made.years
    kinds = [kind for kind in PromiseKind if any(kept.kind is kind for year in years for kept in year.kept)]
    promised = tuple(f"{PROMISE_NAMES[kind]} i tid" for kind in kinds)
    columns = ("Period", "Ärenden", "Varav klagomål", "Median till svar, arbetsdagar", *promised)
    rows = tuple(
        (
            year.period.name[:1].upper() + year.period.name[1:],
            _hidden(year.total),
            _hidden(year.complaints),
            _median(year.answered),
            *(_year_share(year, kind) for kind in kinds),
        )
        for year in years
    )
    backwards = tuple(reversed(years))
    chart = Chart(tuple(str(y.period.year) for y in backwards), tuple(y.total for y in backwards))
    note = _FAULTS_NOTE if made.faults_are_complaints else ""
    return Section("ar", "Jämfört med åren innan", columns, rows, note, chart if len(years) > 1 else None)


def _year_share(year: YearLine, kind: PromiseKind) -> Cell:
    found = next((kept for kept in year.kept if kept.kind is kind), None)
    return _share(found.in_time, found.promised) if found else NOTHING


def _listing(made: Compilation) -> Section:
    complaints_only = ListColumn.KIND not in made.columns
    columns = tuple(
        _COMPLAINT if column is ListColumn.CONCERNS and complaints_only else _LIST_COLUMNS[column][0]
        for column in made.columns
    )
    rows = tuple(tuple(_LIST_COLUMNS[column][1](line) for column in made.columns) for line in made.lines)
    heading = "Klagomål" if complaints_only else "Synpunkter och klagomål"
    note = f"{_FAULTS_NOTE} {_PROTECTED_NOTE}" if complaints_only and made.faults_are_complaints else _PROTECTED_NOTE
    return Section("lista", heading, columns, rows, note, wide=True)


def withheld(section: Section) -> bool:
    """Whether a figure of the table is withheld."""
    return any(isinstance(cell, Hidden) for row in section.rows for cell in row)
