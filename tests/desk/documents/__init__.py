"""Tests of ``desk.views.documents``: what leaves as a document, and what is kept or erased."""
