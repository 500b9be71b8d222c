"""The text of a rootless Dovecot 2.3's configuration, for str.format."""

CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/users/%u/mail
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Skräppost {{
    special_use = \\Junk
  }}
}}
mail_uid = {user}
mail_gid = {group}
mail_max_userip_connections = 100
auth_failure_delay = 0
{passdb}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/users/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{more}
"""
STATIC = """
passdb {{
  driver = static
  args = password={password}
}}
"""
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""
TLS = """
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
"""
