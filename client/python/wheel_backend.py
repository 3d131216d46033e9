"""Makes the wheel: the package as it lies here, and the stubs of ../../proto.

What `pip install` calls (PEP 517). It is our own so that nothing has to be downloaded for a build:
pip hides the system's setuptools from builds, and no package index may be in reach.
"""

import base64
import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import tomllib
import zipfile

_HERE = pathlib.Path(__file__).parent
_PROTO = _HERE.parent.parent / "proto"
_DEBIAN = {
    "protoc": "protobuf-compiler",
    "grpc_python_plugin": "protobuf-compiler-grpc",
}
# The same bytes from the same sources, whenever they are zipped.
_TIME = (1980, 1, 1, 0, 0, 0)


class UnsupportedOperation(Exception):
    """What PEP 517 wants for an sdist that cannot be made."""


def _tool(name):
    path = shutil.which(name)
    if path is None:
        raise SystemExit("%s is missing: apt install %s libprotobuf-dev" % (name, _DEBIAN[name]))
    return path


def _stubs():
    """{path in the wheel: bytes}."""
    sources = sorted(_PROTO.glob("irqd/v1/*.proto"))
    if not sources:
        raise SystemExit("no .proto files in %s: install from a checkout of irqd" % _PROTO)
    with tempfile.TemporaryDirectory() as folder:
        command = [_tool("protoc"), "-I%s" % _PROTO, "--python_out=" + folder]
        command += ["--pyi_out=" + folder, "--grpc_out=" + folder]
        command += ["--plugin=protoc-gen-grpc=" + _tool("grpc_python_plugin")]
        subprocess.run([*command, *map(str, sources)], check=True)
        made = {"irqd/v1/__init__.py": b""}
        for path in pathlib.Path(folder).rglob("*.py*"):
            made[path.relative_to(folder).as_posix()] = path.read_bytes()
    return made


def _sources():
    """{path in the wheel: bytes}."""
    paths = [p for p in _HERE.glob("irqd/**/*") if p.suffix == ".py" or p.name == "py.typed"]
    return {path.relative_to(_HERE).as_posix(): path.read_bytes() for path in paths}


def _metadata(project):
    """{file name in dist-info: text}."""
    points = "".join(
        "[%s]\n%s\n" % (group, "".join("%s = %s\n" % point for point in names.items()))
        for group, names in project["entry-points"].items())
    lines = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + project["version"],
             "Summary: " + project["description"],
             "Requires-Python: " + project["requires-python"]]
    lines += ["Requires-Dist: " + need for need in project["dependencies"]]
    return {
        "METADATA": "\n".join(lines) + "\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: irqd\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": points,
    }


def _record(files, own_path):
    lines = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append("%s,sha256=%s,%d" % (path, digest, len(content)))
    return "\n".join([*lines, own_path + ",,", ""]).encode()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    project = tomllib.loads((_HERE / "pyproject.toml").read_text())["project"]
    full_name = "%s-%s" % (project["name"], project["version"])
    info = full_name + ".dist-info/"
    files = dict(sorted({**_sources(), **_stubs()}.items()))
    files.update((info + name, text.encode()) for name, text in _metadata(project).items())
    files[info + "RECORD"] = _record(files, info + "RECORD")
    name = full_name + "-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as wheel:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _TIME)
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise UnsupportedOperation("the .proto files lie outside of this folder: build a wheel")
