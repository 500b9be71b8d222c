"""Small letters for the mailbox tests; all persons are made up."""

NOW_TEXT = "Mon, 2 Nov 2026 08:15:00 +0100"


def letter(number: int = 1, body: str = "Lampan är trasig.", size: int = 0) -> bytes:
    """A letter of its own for each number, padded to at least ``size`` bytes."""
    head = (
        f"From: Ada Exempel <ada{number}@post.example>\r\nTo: synpunkter@ekdala.example\r\n"
        f"Subject: Synpunkt {number}\r\nMessage-ID: <{number}@post.example>\r\nDate: {NOW_TEXT}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode()
    text = f"{body}\r\n".encode()
    line = b"." * 70 + b"\r\n"
    return head + text + line * max(0, -(-(size - len(head) - len(text)) // len(line)))


ODD_LETTERS = {
    "utf-8 unlabelled": b"Subject: r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s\r\n\r\nHej p\xc3\xa5 er\r\n",
    "raw latin-1 all over": b"Subject: Klagom\xe5l\r\nFrom: \xc5sa <a@post.example>\r\n\r\nG\xf6r n\xe5got!\r\n",
    "unknown charset": b'Subject: x\r\nContent-Type: text/plain; charset="x-unknown"\r\n\r\n\x80\x81\xfe\xff\r\n',
    "utf-16 label": b"Subject: y\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nhej\r\n",
    "no header at all": b"\r\nBara text.\r\n",
    "no body": b"Subject: tom\r\n\r\n",
    "no last newline": b"Subject: slut\r\n\r\nutan radslut",
    "only text": b"inget huvud\r\n",
    "looks like protocol": b"Subject: ) {3}\r\n\r\n* 1 FETCH (UID 9 BODY[] {2}\r\nA1 OK FETCH completed.\r\n)\r\n",
    "quotes and backslashes": b'Subject: "\\\\" {5}\r\n\r\n"\\" NIL ()\r\n',
    "one very long line": b"Subject: lang\r\n\r\n" + b"a" * 1_200_000 + b"\r\n",
    "control characters": b"Subject: \x01\x02\x7f\r\n\r\n\x1b[31mr\xf6tt\x07\r\n",
    "digits only": b"12345",
}
"""What arrives in real mailboxes, each with CRLF lines, which is all that IMAP knows."""
