"""Settings → the paper room: drop folder, reading process, printed forms."""

from datetime import timedelta

from cases.inbound.documents import FIELDS, Blankett
from cases.office import Office
from cases.ports import NewId, Store
from config import Settings
from config.paper import BlankettSettings
from ingest.dropfolder import DropFolder
from ingest.paper.limits import Limits
from ingest.paper.process import DocumentReader
from service.installation.paper_room import PaperRoom

_FOLDER_ID = "skanner"


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
        folders=_folders(settings),
        blanketter=tuple(map(_blankett, settings.blanketter)),
        split_on_blank=paper.split_on_blank,
    )


def _folders(settings: Settings) -> tuple[DropFolder, ...]:
    paper = settings.paper
    if paper.drop_folder == "" or paper.done_folder == "":
        return ()
    settle = timedelta(seconds=paper.settle_seconds)
    return (DropFolder(_FOLDER_ID, paper.drop_folder, paper.done_folder, settle),)


def _blankett(form: BlankettSettings) -> Blankett:
    headings = tuple((field, getattr(form, field)) for field in (*FIELDS, "other") if getattr(form, field))
    return Blankett(form.id, form.marks, headings)
