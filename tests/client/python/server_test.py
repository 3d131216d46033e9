"""A server of one's own, also one that misbehaves."""

import os
import stat
import sys

import pytest

import irqd

# Serves nothing, but says that it does: what is between is a test's.
_STAND_IN = """#!%s
import signal, sys
ready = [flag.split("=")[1] for flag in sys.argv if flag.startswith("--ready_file=")][0]
open(ready, "w").write("unix:/nowhere\\n")
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
%s
print("irqd: listening on unix:/nowhere", file=sys.stderr, flush=True)
signal.sigwait({signal.SIGTERM})
sys.exit(%d)
"""


def _stand_in(folder, exit_code=0, before=""):
    path = folder / "irqd"
    path.write_text(_STAND_IN % (sys.executable, before, exit_code))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _is_running(process):
    return process.poll() is None


def test_it_serves_until_its_end():
    with irqd.Server() as server:
        with irqd.connect(server.target) as client:
            assert client.list_vms() == []
        process = server._process
        assert _is_running(process)

    assert process.returncode == 0
    server.stop()


def test_flags_go_to_the_program():
    with irqd.Server(None, "--max_vms=1") as server, irqd.connect(server.target) as client:
        client.create_vm()
        with pytest.raises(Exception, match="max_vms"):
            client.create_vm()


def test_a_refused_flag_is_in_the_error():
    with pytest.raises(RuntimeError, match="no_such_flag"):
        irqd.Server(None, "--no_such_flag")


def test_an_end_with_an_error_is_an_error(tmp_path):
    server = irqd.Server(_stand_in(tmp_path, exit_code=3))

    with pytest.raises(RuntimeError, match="ended with 3"):
        server.stop()


def test_one_that_says_a_lot_is_read_on(tmp_path):
    said = 'print("x" * 200000, file=sys.stderr)'

    with irqd.Server(_stand_in(tmp_path, before=said)) as server:
        assert server.target == "unix:/nowhere"


def test_the_program_is_found_on_the_path(tmp_path, monkeypatch):
    path = _stand_in(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])

    monkeypatch.delenv("IRQD_BINARY")

    assert irqd.server.find_binary() == path
    with irqd.Server() as server:
        assert server.target == "unix:/nowhere"


def test_no_program_is_an_error_that_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.delenv("IRQD_BINARY")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(FileNotFoundError, match="IRQD_BINARY.*IRQD_TARGET"):
        irqd.Server()
