#!/bin/sh
# Makes what deploy/compose.yaml needs in deploy/secrets: a password for Redis, as the URL that Stile is given and as the ACL file that Redis
# reads, which has its SHA-256 only. What is there already is left as it is: a Redis that runs knows the old password.
set -eu
cd "$(dirname "$0")"
folder=${1:-secrets}

if [ -e "$folder/redis-url" ] && [ -e "$folder/redis-users" ]; then
  echo "$folder has them already"
  exit 0
fi

# The folder is closed to others on this host. The files in it are open, as the containers that they are mounted into run as other users.
umask 022
mkdir -p "$folder"
chmod 700 "$folder"

password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)

printf 'redis://stile:%s@redis:6379\n' "$password" >"$folder/redis-url"
cat >"$folder/redis-users" <<USERS
user default off
user stile on #$hash resetkeys ~stile:* ~{stile:* resetchannels &* -@all +@all -@dangerous -@admin +info +config|get
USERS
echo "made $folder/redis-url and $folder/redis-users"
