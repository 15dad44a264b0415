#!/usr/bin/env bash
# Makes a rustup toolchain that can build for wasm32-unknown-unknown on a machine where rustup cannot fetch one.
#
#   scripts/wasm-toolchain.sh NAME
#
# Runs only after `rustup target add` was refused. Debian's archive has a recent compiler together with the source of the standard
# library; its packages clash with rustup when installed, so they are only unpacked, into a folder of our own, and the standard
# library is compiled from that source. Needs Debian or Ubuntu on x86-64, apt, rustup with a toolchain, about 1 GB and a minute.
set -euo pipefail

name=${1:?usage: wasm-toolchain.sh NAME}
cache=${INTERVIEWRELAY_CACHE:-$(cd "$(dirname "$0")/.." && pwd)/.cache}
toolchain=$cache/$name
host=x86_64-unknown-linux-gnu
target=wasm32-unknown-unknown

fail() { echo "$*" >&2; exit 1; }
for tool in apt-get apt-cache dpkg-deb rustup cargo; do
  command -v "$tool" >/dev/null || fail "The second way to get $target needs $tool, which is not here."
done
[ "$(uname -m)" = x86_64 ] || fail "The second way to get $target is for x86-64 only."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/packages" "$work/unpacked"

echo "Fetching the compiler and its source from the Debian archive"
[ "$(id -u)" != 0 ] || apt-get update -qq
# Which libstd and which LLVM the compiler links to changes with its version: ask instead of writing it down.
needs=$(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
  --recurse rustc-web | grep -oE '^(libstd-rust-web-[0-9.]+|libllvm[0-9]+)(:[a-z0-9]+)?$' | sort -u)
(cd "$work/packages" && apt-get download -qq rustc-web rust-web-src libstd-rust-web-dev $needs)
for package in "$work"/packages/*.deb; do
  dpkg-deb -x "$package" "$work/unpacked"
done

echo "Laying out the toolchain"
usr=$work/unpacked/usr
rm -rf "$toolchain"
mkdir -p "$toolchain/bin" "$toolchain/lib/rustlib/$host/bin" "$toolchain/lib/rustlib/src"
cp "$usr/bin/rustc" "$usr/bin/rustdoc" "$toolchain/bin/"
# The compiler looks for its libraries beside each other, so links into other folders are followed.
find "$usr/lib" \( -name 'librustc_driver-*.so' -o -name 'libLLVM*.so*' -o -name 'libstd-*.so' \) \
  -not -path '*/rustlib/*' -exec cp -L {} "$toolchain/lib/" \;
cp -RL "$usr/lib/rustlib/$host/lib" "$toolchain/lib/rustlib/$host/lib"
mkdir "$toolchain/lib/rustlib/src/rust"
cp -R "$usr"/src/rustc-*/library "$toolchain/lib/rustlib/src/rust/"

# cargo and the linker are rustup's own; links, as each finds what belongs to it beside the place it really is.
ours=$(rustc --print sysroot)
ln -sf "$ours/bin/cargo" "$toolchain/bin/cargo"
ln -sf "$ours/lib/rustlib/$host/bin/rust-lld" "$toolchain/lib/rustlib/$host/bin/rust-lld"
rustup toolchain link "$name" "$toolchain"

echo "Building the standard library for $target"
mkdir -p "$work/empty/src"
printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' > "$work/empty/Cargo.toml"
: > "$work/empty/src/lib.rs"
# -Zbuild-std is not stable; the variable lets a stable compiler take it. Link-time optimization of the widget reads the bitcode.
(cd "$work/empty" && RUSTC_BOOTSTRAP=1 RUSTFLAGS='-C embed-bitcode=yes' CARGO_TARGET_DIR=$work/target RUSTUP_TOOLCHAIN=$name \
  cargo build --release -Zbuild-std=std,panic_abort,proc_macro --target "$target")
library=$toolchain/lib/rustlib/$target/lib
mkdir -p "$library"
find "$work/target/$target/release/deps" \( -name '*.rlib' -o -name '*.rmeta' \) -not -name 'libempty-*' -exec cp {} "$library/" \;

rustc "+$name" --print target-libdir --target "$target" >/dev/null
echo "The toolchain $name can build for $target."
