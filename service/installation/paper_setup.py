"""Settings → the paper room: drop folder, reading process, printed forms."""

from cases.inbound.documents import FIELDS, Blankett
from cases.office import Office
from cases.ports import NewId, Store
from config import Settings
from config.paper import BlankettSettings
from ingest.paper.limits import Limits
from ingest.paper.process import DocumentReader
from service.installation.drop_folders import drop_folders
from service.installation.paper_room import PaperRoom


def paper_room(settings: Settings, store: Store, office: Office, new_id: NewId) -> PaperRoom:
    """The paper room of a municipality; touches no folder yet and starts no process."""
    paper = settings.paper
    limits = Limits(
        pages=paper.max_pages,
        seconds=float(paper.max_seconds),
        tesseract="tesseract" if paper.tesseract else "",
    )
    return PaperRoom(
        store=store,
        office=office,
        reader=DocumentReader(limits),
        new_id=new_id,
        folders=drop_folders(settings),
        blanketter=tuple(map(_blankett, settings.blanketter)),
        split_on_blank=paper.split_on_blank,
    )


def _blankett(form: BlankettSettings) -> Blankett:
    headings = tuple((field, getattr(form, field)) for field in (*FIELDS, "other") if getattr(form, field))
    return Blankett(form.id, form.marks, headings)
