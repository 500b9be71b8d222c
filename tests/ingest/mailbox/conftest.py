"""Fixtures of the mailbox tests."""

from tests.servers.dovecot import box, dovecot_server, new_dovecot

__all__ = ["box", "dovecot_server", "new_dovecot"]
