"""Settings → the folders that the scanner writes into."""

from datetime import timedelta

from config import Settings
from ingest.dropfolder import DropFolder

_FOLDER_ID = "skanner"


def drop_folders(settings: Settings) -> tuple[DropFolder, ...]:
    """The scanner's folder, where one is named; touches nothing yet."""
    paper = settings.paper
    if paper.drop_folder == "" or paper.done_folder == "":
        return ()
    settle = timedelta(seconds=paper.settle_seconds)
    return (DropFolder(_FOLDER_ID, paper.drop_folder, paper.done_folder, settle),)
