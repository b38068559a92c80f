#!/usr/bin/env bash
# Real mail servers for tests: Postfix takes submissions (STARTTLS or implicit TLS, login, DSN) and delivers to Dovecot, read
# over IMAP (STARTTLS or implicit TLS).
# Everything lives in one folder under the temporary directory; nothing of the machine's own mail set-up is touched.
#
#   mail-peers.sh start              prints key=value lines: dir, smtp, imap, smtps, imaps, ca, log
#   mail-peers.sh stop-smtp DIR      stops Postfix only; its queue stays
#   mail-peers.sh start-smtp DIR     starts it again on the same port
#   mail-peers.sh stop DIR           stops both and removes the folder
#
# Mailboxes: bounces, habitant, relayed (password of each: NAME-secret) at commune.example, with +detail. Mail to relayed
# is reported as relayed, to the others as delivered. bounce.example takes mail and bounces it; anyone else at
# commune.example is refused at once; nothing leaves the machine.
set -euo pipefail
MAILBOXES="bounces habitant relayed"

fail() {
  echo "mail-peers: $*" >&2
  exit 1
}

needed() {
  [ "$(id -u)" = 0 ] || fail "must run as root: Postfix and Dovecot drop their rights themselves"
  [ -x /usr/sbin/postfix ] && [ -x /usr/sbin/dovecot ] && [ -x /usr/lib/dovecot/imap ] && [ -x /usr/lib/dovecot/lmtp ] &&
    command -v openssl > /dev/null ||
    fail "missing packages: apt-get install postfix dovecot-imapd dovecot-lmtpd openssl"
}

free_port() {
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "$port"
      return
    fi
  done
  fail "no free port between 20000 and 32000"
}

await_port() {
  for _ in $(seq 200); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; then
      return
    fi
    sleep 0.1
  done
  cat "$2" >&2 || true
  fail "nothing listens on port $1 after 20 s"
}

write_postfix() {
  local dir=$1 smtp=$2 smtps=$3
  mkdir -p "$dir/postfix" "$dir/spool" "$dir/data"
  chown postfix:postfix "$dir/data"
  cat > "$dir/postfix/main.cf" << EOF
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/mail.log
maillog_file_prefixes = $dir
myhostname = mail.commune.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = commune.example
virtual_mailbox_maps = texthash:$dir/postfix/mailboxes
virtual_mailbox_base = $dir/mail
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_transport = virtual
relay_domains = bounce.example
transport_maps = texthash:$dir/postfix/transport
default_transport = error:5.1.2 nothing leaves this machine
smtp_dns_support_level = disabled
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $dir/auth
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = $dir/cert.pem
smtpd_tls_key_file = $dir/key.pem
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
disable_vrfy_command = yes
EOF
  for name in $MAILBOXES; do echo "$name@commune.example $name/Maildir/"; done > "$dir/postfix/mailboxes"
  # over LMTP Dovecot notes Delivered-To, knows nobody at bounce.example, and makes Postfix say "relayed", not "delivered"
  for to in bounces@commune.example relayed@commune.example bounce.example; do
    echo "$to lmtp:unix:$dir/lmtp"
  done > "$dir/postfix/transport"
  cat > "$dir/postfix/master.cf" << EOF
127.0.0.1:$smtp inet n - n - - smtpd
127.0.0.1:$smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.2:$smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n -  0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -  - trivial-rewrite
bounce    unix  - - n -  0 bounce
defer     unix  - - n -  0 bounce
trace     unix  - - n -  0 bounce
verify    unix  - - n -  1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -  - proxymap
proxywrite unix - - n -  1 proxymap
smtp      unix  - - n -  - smtp
relay     unix  - - n -  - smtp
showq     unix  n - n -  - showq
error     unix  - - n -  - error
retry     unix  - - n -  - error
discard   unix  - - n -  - discard
virtual   unix  - n n -  - virtual
lmtp      unix  - - n -  - lmtp
anvil     unix  - - n -  1 anvil
scache    unix  - - n -  1 scache
postlog   unix-dgram n - n - 1 postlogd
EOF
}

write_dovecot() {
  local dir=$1 imap=$2 imaps=$3
  mkdir -p "$dir/run" "$dir/mail"
  chown nobody:nogroup "$dir/mail"
  for name in $MAILBOXES; do echo "$name:{PLAIN}$name-secret"; done > "$dir/users"
  chown dovecot "$dir/users"
  chmod 600 "$dir/users"
  cat > "$dir/dovecot.conf" << EOF
base_dir = $dir/run
state_dir = $dir/run
log_path = $dir/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <$dir/cert.pem
ssl_key = <$dir/key.pem
auth_mechanisms = plain login
auth_failure_delay = 1 secs
mail_location = maildir:~/Maildir
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
passdb {
  driver = passwd-file
  args = username_format=%n $dir/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%n
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  unix_listener $dir/lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener $dir/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
EOF
}

start_smtp() {
  postfix -c "$1/postfix" start > "$1/postfix.out" 2>&1 || {
    cat "$1/postfix.out" "$1/mail.log" >&2 || true
    fail "Postfix does not start"
  }
  await_port "$(cat "$1/smtp.port")" "$1/mail.log"
}

start() {
  needed
  umask 022
  local dir smtp imap smtps imaps
  dir=$(mktemp -d "${TMPDIR:-/tmp}/mail-peers.XXXXXX")
  chmod 755 "$dir"
  # A start that fails half-way leaves nothing running.
  trap '[ -n "${STARTED:-}" ] || stop "'"$dir"'"' EXIT
  smtp=$(free_port)
  imap=$(free_port)
  smtps=$(free_port)
  imaps=$(free_port)
  echo "$smtp" > "$dir/smtp.port"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
    -keyout "$dir/key.pem" -out "$dir/cert.pem" 2> /dev/null
  chmod 600 "$dir/key.pem"
  write_dovecot "$dir" "$imap" "$imaps"
  write_postfix "$dir" "$smtp" "$smtps"
  # Also Postfix's programs that work under its own account write there, when they have something to say.
  install -o postfix -g postfix -m 644 /dev/null "$dir/mail.log"
  dovecot -c "$dir/dovecot.conf" > "$dir/dovecot.out" 2>&1 || {
    cat "$dir/dovecot.out" "$dir/dovecot.log" >&2 || true
    fail "Dovecot does not start"
  }
  await_port "$imap" "$dir/dovecot.log"
  start_smtp "$dir"
  STARTED=true
  printf 'dir=%s\nsmtp=%s\nimap=%s\nsmtps=%s\nimaps=%s\nca=%s\nlog=%s\n' \
    "$dir" "$smtp" "$imap" "$smtps" "$imaps" "$dir/cert.pem" "$dir/mail.log"
}

stop_smtp() {
  postfix -c "$1/postfix" stop > /dev/null 2>&1 || true
}

stop() {
  case $1 in *mail-peers.??????) ;; *) fail "$1 is not a folder made by start" ;; esac
  stop_smtp "$1"
  doveadm -c "$1/dovecot.conf" stop > /dev/null 2>&1 || true
  for _ in $(seq 50); do
    [ -e "$1/run/master.pid" ] || [ -e "$1/spool/pid/master.pid.lock" ] || break
    sleep 0.1
  done
  rm -rf "$1"
}

case "${1:-}" in
  start) start ;;
  stop) stop "${2:?the folder that start printed}" ;;
  start-smtp) start_smtp "${2:?the folder that start printed}" ;;
  stop-smtp) stop_smtp "${2:?the folder that start printed}" ;;
  *) fail "write start, stop DIR, stop-smtp DIR or start-smtp DIR" ;;
esac
