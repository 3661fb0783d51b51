#!/bin/sh
# Installs the build, moves the installed tree, and builds and runs small programs against it in each way that
# we promise.  usage: run.sh SOURCE BUILD WORK VERSION
set -eu
source=$1 build=$2 work=$3 version=$4
here=$source/tests/consumer
rm -rf "$work" && mkdir -p "$work"
unset CFLAGS CXXFLAGS LDFLAGS PKG_CONFIG_PATH LD_LIBRARY_PATH

step() { echo "== $*"; }

# A program passes when it runs and tells the version.
runs() {
  told=$("$@") || { echo "$*: exit code $?"; exit 1; }
  [ "$told" = "$version" ] || { echo "$*: says \"$told\", not \"$version\""; exit 1; }
}

configure() {
  from=$1 to=$2
  shift 2
  cmake -G Ninja -S "$from" -B "$to" -DCMAKE_BUILD_TYPE=Release "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

compile() { cmake --build "$1" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

step "install, and move what was installed"
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved tree"
prefix="$work/moved tree"
libdir=$(dirname "$(find "$prefix" -name libkith.a)")
if grep -rlF -e "$work/first" -e "$source" "$libdir/cmake" "$libdir/pkgconfig"; then
  echo "the files above name a place of the machine that built them"
  exit 1
fi

step "the part that programs need to run"
cmake --install "$build" --prefix "$work/runtime" --component runtime >/dev/null
[ -n "$(find "$work/runtime" -name 'libkith.so.*')" ] && [ -z "$(find "$work/runtime" -name '*.h' -o -name '*.a' -o -name '*.cmake')" ]

step "what is not built is said, and nothing is installed"
sed 's/libkith\.a/libnone.a/g' "$build/cmake_install.cmake" >"$work/lacking.cmake"
if cmake "-DCMAKE_INSTALL_PREFIX=$work/lacking" -P "$work/lacking.cmake" >"$work/log" 2>&1; then exit 1; fi
tr -s ' \n' '  ' <"$work/log" | grep -q 'libnone.a is not built. Build all first: cmake --build' || { cat "$work/log"; exit 1; }
[ ! -e "$work/lacking" ]

step "find_package"
configure "$here/package" "$work/package" "-DCMAKE_PREFIX_PATH=$prefix"
compile "$work/package"
for program in c_shared c_static cpp_shared cpp_static; do runs "$work/package/$program"; done

step "find_package in a project that knows only C"
configure "$here/only_c" "$work/only_c" "-DCMAKE_PREFIX_PATH=$prefix"
compile "$work/only_c"
runs "$work/only_c/c_static"

step "pkg-config"
export PKG_CONFIG_PATH="$libdir/pkgconfig"
[ "$(pkg-config --modversion kith)" = "$version" ]
# eval, because pkg-config escapes what a moved tree's name may hold
eval "cc -std=c99 -Wall -Wextra -Wpedantic -Werror '$here/program.c' -o '$work/pc_c' $(pkg-config --cflags --libs kith)"
eval "c++ -std=c++20 -Wall -Wextra -Wpedantic -Werror '$here/program.cpp' -o '$work/pc_cpp' $(pkg-config --cflags --libs kith)"
runs env LD_LIBRARY_PATH="$libdir" "$work/pc_c"
runs env LD_LIBRARY_PATH="$libdir" "$work/pc_cpp"
private=$(pkg-config --static --libs-only-l kith | sed 's/-lkith//')
eval "cc -std=c99 '$here/program.c' -o '$work/pc_static' $(pkg-config --cflags kith) '$libdir/libkith.a' $private"
runs "$work/pc_static"

step "FetchContent"
configure "$here/subproject" "$work/fetched" "-DKITH_SOURCE=$source" -DKITH_FETCHED=ON
cmake --build "$work/fetched" --target c_shared cpp_static -- -n >/dev/null # what compiles them is the same as below

step "add_subdirectory"
# With the warnings of the main build, and as deep in the tree, so that the compiler's cache knows every object.
subproject=$(dirname "$build")/subproject
rm -rf "$subproject"
export CCACHE_BASEDIR="$source" CCACHE_NOHASHDIR=1
ccache=$(command -v ccache || true)
configure "$here/subproject" "$subproject" "-DKITH_SOURCE=$source" -DKITH_WERROR=ON \
  ${ccache:+"-DCMAKE_C_COMPILER_LAUNCHER=$ccache" "-DCMAKE_CXX_COMPILER_LAUNCHER=$ccache"}
compile "$subproject"
for program in c_shared cpp_static; do runs "$subproject/$program"; done
rm -rf "$subproject"

if [ -x "$prefix/bin/kith" ]; then
  step "the command, where it was moved to"
  "$prefix/bin/kith" --version | grep -qF "$version"
  "$work/runtime/bin/kith" --version | grep -qF "$version"
fi
