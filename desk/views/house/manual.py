"""Hjälp: the handbook's chapters, for everyone who is logged in."""

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from desk.context import Asked, Person
from desk.handbook import FIRST, chapters, find_picture, read_chapter

router = APIRouter()


@router.get("/hjalp")
def handbook(person: Person) -> Response:
    return _chapter(person, FIRST) if chapters() else person.page("house/handbook.html", chapter=None, first=True)


@router.get("/hjalp/{chapter}")
def chapter(chapter: str, person: Person) -> Response:
    return _chapter(person, chapter)


@router.get("/hjalp/bild/{name}")
def picture(name: str, _person: Person) -> Response:
    return FileResponse(find_picture(name), media_type="image/png")


def _chapter(person: Asked, name: str) -> Response:
    return person.page("house/handbook.html", chapter=read_chapter(name), first=name == FIRST)
