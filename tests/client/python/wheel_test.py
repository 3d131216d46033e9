"""What pip installed, and how the wheel of it is made."""

import base64
import hashlib
import importlib.metadata
import importlib.util
import pathlib

import pytest

import checkout


@pytest.fixture
def backend():
    path = checkout.PACKAGE / "wheel_backend.py"
    spec = importlib.util.spec_from_file_location("wheel_backend", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_the_installed_package_that_is_tested():
    import irqd
    assert checkout.PACKAGE not in pathlib.Path(irqd.__file__).parents


def test_installed_files_are_those_of_the_record():
    installed = importlib.metadata.distribution("irqd").files
    ours = [path for path in installed if path.hash and path.parts[0] == "irqd"]

    for path in ours:
        digest = hashlib.new(path.hash.mode, path.locate().read_bytes()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == path.hash.value, path

    names = {str(path) for path in ours}
    assert {"irqd/py.typed", "irqd/aio.py", "irqd/v1/kvm_pb2.py", "irqd/v1/kvm_pb2.pyi",
            "irqd/v1/kvm_pb2_grpc.py"} <= names


def test_the_same_sources_make_the_same_wheel(backend, tmp_path):
    wheels = []
    for turn in ("one", "other"):
        (tmp_path / turn).mkdir()
        name = backend.build_wheel(tmp_path / turn)
        wheels.append((name, (tmp_path / turn / name).read_bytes()))

    assert wheels[0] == wheels[1]
    assert wheels[0][0].endswith("-py3-none-any.whl")


def test_a_missing_tool_is_an_error_that_names_its_package(backend, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SystemExit, match="apt install protobuf-compiler libprotobuf-dev"):
        backend.build_wheel(tmp_path)
