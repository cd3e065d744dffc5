# shellcheck shell=bash
# What ./quickstart and ./check share: messages, the apt packages, and how much the machine can do at once.
# Sourced with the repository's root as working directory.

# Everything the product itself is built from. libboost1.81-dev cannot live beside Debian's default
# libboost-dev (1.74), so nothing may be added here that depends on that one.
build_packages=(
  g++ cmake ninja-build pkg-config libboost1.81-dev libboost-url1.81-dev librocksdb-dev
  libflatbuffers-dev flatbuffers-compiler libspdlog-dev libfmt-dev libsimdjson-dev libcli11-dev
  libtomlplusplus-dev libexpected-dev libssl-dev libsodium-dev libzstd-dev liblz4-dev libxxhash-dev
  libjemalloc-dev
  curl # for the calls that README.md and the demo show
)
# What the tests need on top of it.
test_packages=(libgtest-dev libgmock-dev python3 clang-16 libclang-rt-16-dev mold hledger beancount)

say() { printf '==> %s\n' "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
on_terminal() { [ -t 0 ] && [ -t 1 ]; }

# How many compilers at once: one a core, but each may need 1.5 GiB.
jobs_here() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  if [ "$memory" -lt "$cores" ]; then echo "$memory"; else echo "$cores"; fi
}

# Runs a command as root, and asks for a password on a terminal only.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif on_terminal; then sudo "$@"
  else sudo -n "$@"
  fi
}

# Three tries, ten seconds apart: a mirror that is being updated is no reason to give up.
three_times() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    [ "$try" = 3 ] || { say "that failed; trying again in 10 seconds"; sleep 10; }
  done
  return 1
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# install_packages PACKAGE…: those that are missing, with apt. Installs nothing when all are there.
install_packages() {
  local missing removed
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "this is no Debian: install what corresponds to these packages yourself, then run this again"
    printf '    %s\n' "$*"
    command -v cmake >/dev/null || exit 1
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" = 0 ]; then
    say "all $# packages are installed"
    return 0
  fi
  if [ -r /etc/os-release ] && ! grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; then
    say "this is not Debian 12, the one system that Daybook is tried on; going on all the same"
  fi
  say "installing ${#missing[@]} of $# packages with apt:"
  printf '%s\n' "${missing[*]}" | fold -s -w 90 | sed 's/^/    /'
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      fail "installing needs root: run this as root, or install sudo, or install these packages yourself"
    on_terminal || sudo -n true 2>/dev/null ||
      fail "sudo asks for a password and there is no terminal to ask on: run 'sudo true' first, or this as root"
  fi
  three_times as_root apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update >build/apt.log 2>&1 ||
    { tail -20 build/apt.log >&2; fail "apt-get update failed (above; whole log in build/apt.log)"; }

  # Never remove what somebody else needs.
  removed=$(apt-get -q -s --no-install-recommends install "${missing[@]}" 2>/dev/null |
    sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ') || true
  if [ -n "$removed" ]; then
    case $removed in
      *libboost*) fail "Daybook needs Boost 1.81, and Debian allows only one Boost for development at a time.
  Installing libboost1.81-dev would remove: $removed
  If nothing of yours needs those, remove them (sudo apt-get remove $removed) and run this again;
  else run it in a container or another Debian 12." ;;
      *) fail "installing these would remove: $removed
  Remove them yourself if you can spare them, then run this again." ;;
    esac
  fi
  three_times as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    install "${missing[@]}" >>build/apt.log 2>&1 ||
    { tail -20 build/apt.log >&2; fail "apt-get install failed (above; whole log in build/apt.log)"; }
  say "installed"
}

# build_preset PRESET [TARGET…]: configures and builds it, with a line now and then off a terminal.
build_preset() {
  local preset=$1 log=build/$1.log status=0 jobs
  shift
  jobs=$(jobs_here)
  say "configuring preset $preset"
  cmake --preset "$preset" >"$log" 2>&1 ||
    { tail -30 "$log" >&2; printf '%s: configuring failed (above; whole log in %s)\n' "${0##*/}" "$log" >&2; return 1; }
  say "building preset $preset, $jobs at a time"
  if [ -t 1 ]; then
    cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"} || status=$?
  else
    # [12/345 17s] …: every twentieth line, and whatever is no progress line.
    NINJA_STATUS='[%f/%t %es] ' cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"} 2>&1 | tee -a "$log" |
      awk '!/^\[[0-9]+\/[0-9]+ [0-9.]+s\] / { print; fflush(); next } ++n % 20 == 1 { print; fflush() }' || status=$?
  fi
  [ "$status" = 0 ] || printf '%s: building failed; whole log in %s\n' "${0##*/}" "$log" >&2
  return "$status"
}
