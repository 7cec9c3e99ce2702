#!/bin/sh
# Makes what deploy/compose.yaml needs in deploy/secrets: a password for Redis, as the URL that Stile is given and, by its SHA-256, in the ACL
# file that Redis reads (made of redis/users.acl). What is there already is left as it is: a Redis that runs knows the old password.
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

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
hash_of() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }

password=$(random)
admin=$(random)
printf 'redis://stile:%s@redis:6379\n' "$password" >"$folder/redis-url"
printf '%s\n' "$admin" >"$folder/redis-admin"
chmod 600 "$folder/redis-admin" # of the user "admin", for whoever looks after Redis: no container gets it
sed "s/STILE_PASSWORD_SHA256/$(hash_of "$password")/; s/ADMIN_PASSWORD_SHA256/$(hash_of "$admin")/" redis/users.acl >"$folder/redis-users"
echo "made redis-url, redis-users and redis-admin in $folder"
