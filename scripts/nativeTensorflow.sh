#!/usr/bin/env bash
# The native library of @tensorflow/tfjs-node where its own download is blocked:
#
#   npm run native-tensorflow        about a minute, 480 MB; every `npm ci` takes it away again
#
# The shared libraries and C headers come out of the PyPI wheel tensorflow-cpu, and the addon is
# compiled from the sources in the npm package. Linux x86_64 with g++ and python3 with pip.
# TF_WHEEL=FILE takes a wheel at hand; TF_CACHE=FOLDER says where downloads are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
version=2.18.1
package=node_modules/@tensorflow/tfjs-node
cache=${TF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/revealed}

fail() {
  echo "native-tensorflow: $*" >&2
  exit 1
}

works() {
  TF_CPP_MIN_LOG_LEVEL=2 node -e "
    const tf = require('@tensorflow/tfjs-node');
    const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).dataSync().join();
    process.exit(tf.getBackend() === 'tensorflow' && product === '19,22,43,50' ? 0 : 1);
  " >"$1" 2>&1
}

log=$(mktemp)
trap 'rm -rf "$log" ${headers:-}' EXIT
if works "$log"; then
  echo "native TensorFlow already works"
  exit 0
fi
[ "$(uname -sm)" = "Linux x86_64" ] || fail "only for Linux x86_64, this is $(uname -sm); try npm rebuild @tensorflow/tfjs-node"
[ -d "$package/binding" ] || fail "$package is not there; run npm ci first"
command -v g++ >/dev/null || fail "there is no g++"
command -v python3 >/dev/null || fail "there is no python3"

mkdir -p "$cache"
wheel=${TF_WHEEL:-$(find "$cache" -name "tensorflow_cpu-$version-*.whl" | head -1)}
if [ -z "$wheel" ]; then
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 \
    --dest "$cache" "tensorflow-cpu==$version"
  wheel=$(find "$cache" -name "tensorflow_cpu-$version-*.whl" | head -1)
fi

rm -rf "$package/deps"
python3 - "$wheel" "$package/deps" <<'PY'
import pathlib, shutil, sys, zipfile

wheel, target = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
libraries = {"tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"}
include = "tensorflow/include/"
headers = ("tensorflow/c/", "tensorflow/core/platform/ctstring", "tensorflow/tsl/", "tsl/", "xla/tsl/", "external/local_tsl/")
for name in wheel.namelist():
    if name in libraries:
        path = target / "lib" / name.split("/")[-1]
    elif name.endswith(".h") and name.startswith(include) and name[len(include):].startswith(headers):
        path = target / "include" / name[len(include):]
    else:
        continue
    path.parent.mkdir(parents=True, exist_ok=True)
    with wheel.open(name) as packed, open(path, "wb") as file:
        shutil.copyfileobj(packed, file, 1 << 22)
missing = [name for name in libraries if not (target / "lib" / name.split("/")[-1]).exists()]
if missing:
    sys.exit(f"the wheel lacks {missing}")
PY

api=$(node -p "Math.max(...require('./$package/package.json').binary.napi_versions.filter((v) => v <= +process.versions.napi))")
include=$(node -p "require('path').resolve(process.execPath, '../../include/node')")
if [ ! -f "$include/node_api.h" ]; then
  headers=$(mktemp -d)
  npm pack --silent --pack-destination "$headers" node-api-headers@1.9.0 >/dev/null
  tar xzf "$headers"/node-api-headers-*.tgz -C "$headers"
  include=$headers/package/include
fi
mkdir -p "$package/lib/napi-v$api"
g++ -std=c++17 -O2 -fPIC -shared -w "-DNAPI_VERSION=$api" -DNODE_GYP_MODULE_NAME=tfjs_binding \
  -I"$package/deps/include" -I"$include" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  -o "$package/lib/napi-v$api/tfjs_binding.node" -L"$package/deps/lib" \
  -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 '-Wl,-rpath,$ORIGIN/../../deps/lib'

works "$log" || { cat "$log" >&2; fail "it is built, but does not load"; }
echo "native TensorFlow $version works"
