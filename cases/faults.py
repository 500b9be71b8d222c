"""What the system or the network would not do, in Swedish: an error's own words are English."""

import errno
import socket

_WORDS = {
    errno.EACCES: "det får inte användaren som kör",
    errno.EPERM: "det får inte användaren som kör",
    errno.EROFS: "disken är monterad bara för läsning",
    errno.ENOSPC: "disken är full",
    errno.EDQUOT: "disken är full",
    errno.ENOENT: "det finns inte",
    errno.EEXIST: "det finns redan något annat där",
    errno.EISDIR: "det är en mapp",
    errno.ENOTDIR: "det är ingen mapp",
    errno.EADDRINUSE: "porten är upptagen",
    errno.ECONNREFUSED: "ingen lyssnar på porten",
    errno.ECONNRESET: "servern lade på",
    errno.EPIPE: "servern lade på",
    errno.ENETUNREACH: "nätet når inte dit",
    errno.EHOSTUNREACH: "nätet når inte dit",
    errno.ETIMEDOUT: "inget svar i tid",
}


def os_words(error: OSError) -> str:
    """Why it was not done, as a part of a sentence; in the system's own words where we have none."""
    if isinstance(error, socket.gaierror):
        return "namnet finns inte i DNS"
    if isinstance(error, TimeoutError):
        return "inget svar i tid"
    # A library's own kinds count otherwise: of ssl's errors number 1 is no EPERM.
    known = _WORDS.get(error.errno or 0) if type(error).__module__ == "builtins" else None
    return known or error.strerror or str(error) or type(error).__name__
