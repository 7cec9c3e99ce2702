#!/bin/sh
# Counts the words on its standard input, and tells the machine that has asked for it.
# CALLBACK_URL and CALLBACK_TOKEN come in the environment.

# The address holds the token: curl reads it from its standard input, so that it stands on no command line.
call() { # <path after the token> <JSON>
  printf 'url = "%s/v1/callbacks/%s%s"\n' "$CALLBACK_URL" "$CALLBACK_TOKEN" "$1" |
    curl --config - --silent --show-error --fail --retry 5 --retry-connrefused --output /dev/null \
      --request POST --header 'content-type: application/json' --data "$2"
}

call /heartbeat '{"details":"counting"}' || exit 1 # 410: somebody else was first, or nobody waits any more
if words=$(wc -w); then
  call '' "{\"event\":\"counted\",\"data\":{\"words\":$((words))}}"
else
  call /failure '{"code":"WC_FAILED","message":"wc has failed"}'
fi
