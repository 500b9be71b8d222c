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
    errno.EMFILE: "tjänsten har för många filer öppna",
    errno.ENFILE: "maskinen har för många filer öppna",
    errno.ENOMEM: "minnet är slut",
    errno.EIO: "disken svarar med fel",
}
_ROOM = "Frigör utrymme (df -h, df -i)."
_DISK = "Se i journalctl -k om disken går sönder; då behöver den bytas, och annars hjälper fsck."
# One sentence each, as the way out is where it ends another error's words.
_WAYS_OUT = {
    errno.EMFILE: "Starta om tjänsten (systemctl restart lyhord); händer det igen, höj LimitNOFILE= (systemctl edit).",
    errno.ENFILE: "Se vad på maskinen som håller filer öppna (lsof), eller höj fs.file-max med sysctl.",
    errno.ENOMEM: "Se vad som tar minnet (systemd-cgtop -m), eller ge maskinen mer.",
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EIO: _DISK,
    errno.EROFS: _DISK,
}


def os_words(error: OSError) -> str:
    """Why it was not done, as a part of a sentence; in the system's own words where we have none."""
    if isinstance(error, socket.gaierror):
        return "DNS svarar inte" if error.errno == socket.EAI_AGAIN else "namnet finns inte i DNS"
    if isinstance(error, TimeoutError):
        return "inget svar i tid"
    # A library's own kinds count otherwise: of ssl's errors number 1 is no EPERM.
    known = _WORDS.get(error.errno or 0) if type(error).__module__ == "builtins" else None
    return known or error.strerror or str(error) or type(error).__name__


def machines_way_out(error: BaseException | None) -> str:
    """What to do where the machine has run out of something or its disk fails; empty for whatever else went wrong.

    Then neither a file's name, its rights nor a letter is at fault.
    """
    if not isinstance(error, OSError) or type(error).__module__ != "builtins":
        return ""
    return _WAYS_OUT.get(error.errno or 0, "")


def machines_fault(noted: str) -> OSError | None:
    """The error of such a machine, of which a note ends with the name (``OSError EMFILE``); None of every other."""
    error = OSError(getattr(errno, noted.rpartition(" ")[2], 0), "")
    return error if machines_way_out(error) else None
