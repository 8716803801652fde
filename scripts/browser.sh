#!/usr/bin/env bash
# The tests need a browser, a Korean font and a virus scanner from Debian. Install them where that is allowed.
source "$(dirname "$0")/home.sh"

packages=()
command -v chromium >/dev/null || packages+=(chromium)
# The pages bring their own Korean font; rare syllables and the browser's own texts need one of the system.
{ command -v fc-list >/dev/null && [[ -n "$(fc-list ':lang=ko' family)" ]]; } || packages+=(fontconfig fonts-nanum)
command -v clamd >/dev/null || packages+=(clamav-daemon)
[[ ${#packages[@]} -eq 0 ]] && exit 0

install="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    printf 'The tests need more Debian packages. Run this once, then the same command again:\n\n    sudo sh -c "%s"\n\n' "$install" >&2
    exit 3
fi
printf '==> Debian packages for the tests: %s\n' "${packages[*]}"
if ! DEBIAN_FRONTEND=noninteractive sh -c "$install" >build/apt.log 2>&1; then
    tail -n 5 build/apt.log >&2
    printf 'Debian packages could not be installed (see build/apt.log). Run this, then the same command again:\n\n    %s\n\n' "$install" >&2
    exit 3
fi
