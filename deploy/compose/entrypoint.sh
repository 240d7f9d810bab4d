#!/bin/sh
# Gives the command its secrets from files, so that they are neither in the image nor in the
# definition of the container, and then becomes the command.
set -eu
if [ -n "${DAGSTER_PG_PASSWORD_FILE:-}" ]; then
    DAGSTER_PG_PASSWORD="$(cat "$DAGSTER_PG_PASSWORD_FILE")"
    export DAGSTER_PG_PASSWORD
fi
exec "$@"
