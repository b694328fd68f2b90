#!/usr/bin/env bash
# What action.yml runs: finds the revision to compare with, and turns the inputs into options.
set -uo pipefail

case "$STYLE" in
  quick | quiet) profile=quiet ;;
  standard | balanced) profile=balanced ;;
  comprehensive | thorough) profile=thorough ;;
  *)
    echo "::error::review-style is $STYLE; choose quick, standard or comprehensive"
    exit 2
    ;;
esac

cd "$PROJECT" || exit 2
base=$BASE
if [ -z "$base" ] && [ -n "$TARGET_BRANCH" ]; then
  # A shallow checkout lacks the commit where the branch left its base.
  if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
    git fetch --quiet --unshallow origin "$TARGET_BRANCH" || exit 2
  else
    git fetch --quiet origin "$TARGET_BRANCH" || exit 2
  fi
  base=$(git rev-parse FETCH_HEAD)
elif [ -z "$base" ] && [ -n "$BEFORE" ] && [ -n "${BEFORE//0/}" ]; then
  git cat-file -e "$BEFORE" 2>/dev/null || git fetch --quiet origin "$BEFORE" || exit 2
  base=$BEFORE
fi

options=(--profile "$profile" --fail-on "${FAIL_ON:-critical}" --output-format "$FORMAT")
[ -n "$base" ] && options+=(--base "$base")
[ -n "$OUTPUT" ] && options+=(--output "$OUTPUT")
rust-ai-ide review "${options[@]}"
code=$?
[ "$code" -gt 1 ] && exit "$code"
echo "findings=$code" >>"${GITHUB_OUTPUT:-/dev/null}"
if [ -z "$FAIL_ON" ] && [ "$FAIL_ON_CRITICAL" != true ]; then
  exit 0
fi
exit "$code"
