"""The fixtures, in test runs of their own."""

import irqd


def _outcomes(pytester, source, **wanted):
    pytester.makepyfile("import irqd\nimport pytest\n\n" + source)
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(**wanted)
    return result


def test_vms_of_a_test_are_gone_after_it_whoever_made_them(pytester):
    _outcomes(pytester, """
@pytest.mark.parametrize("turn", range(2))
def test(turn, irqd_server, irqd_client, vcpu):
    assert [vm.id for vm in irqd_client.list_vms()] == [vcpu.vm.id]
    irqd_client.create_vm("by-the-fixture")
    with irqd.connect(irqd_server.target) as another:
        another.create_vm("by-another-client")

def test_by_a_target_alone(irqd_server):
    with irqd.connect(irqd_server.target) as client:
        assert client.list_vms() == []
""", passed=3)


def test_the_server_is_one_for_the_session(pytester):
    _outcomes(pytester, """
targets = set()

@pytest.mark.parametrize("turn", range(3))
def test(turn, irqd_server):
    targets.add(irqd_server.target)
    assert len(targets) == 1
""", passed=3)


def test_vms_of_fixtures_that_outlive_a_test_stay(pytester):
    _outcomes(pytester, """
@pytest.fixture(scope="module")
def shared(irqd_server):
    with irqd.connect(irqd_server.target) as client:
        yield client.create_vm("shared")

@pytest.mark.parametrize("turn", range(2))
def test(turn, shared, irqd_client):
    assert shared.info().name == "shared"
    assert len(irqd_client.list_vms()) == 1
""", passed=2)


def test_a_test_may_delete_its_own(pytester):
    _outcomes(pytester, """
def test(irqd_client, vm, vcpu):
    vm.delete()
    with irqd_client.create_vm():
        pass
""", passed=1)


def test_a_failed_test_leaves_nothing_either(pytester):
    _outcomes(pytester, """
def test_one(irqd_client):
    irqd_client.create_vm("left-behind")
    assert False

def test_two(irqd_client):
    assert irqd_client.list_vms() == []
""", passed=1, failed=1)


def test_a_server_that_runs_is_taken_and_others_vms_stay(pytester, monkeypatch):
    with irqd.Server() as server, irqd.connect(server.target) as client:
        monkeypatch.setenv("IRQD_TARGET", server.target)
        monkeypatch.setenv("IRQD_BINARY", "/nonexistent/irqd")
        client.create_vm("from-before")

        _outcomes(pytester, """
def test(irqd_server, irqd_client, vcpu):
    irqd_client.create_vm("own")
    irqd_client.with_timeout(60).create_vm("own-with-a-timeout")
    with irqd.connect(irqd_server.target) as another:
        another.create_vm("meanwhile")
""", passed=1)

        assert [vm.name for vm in client.list_vms()] == ["from-before", "meanwhile"]


def test_no_program_fails_with_what_to_set(pytester, monkeypatch):
    monkeypatch.delenv("IRQD_BINARY")
    monkeypatch.setenv("PATH", str(pytester.path))

    result = _outcomes(pytester, "def test(vcpu): pass", errors=1)

    result.stdout.fnmatch_lines(["*set IRQD_BINARY to the program, or IRQD_TARGET*"])


def test_a_program_that_does_not_start_fails(pytester, monkeypatch):
    monkeypatch.setenv("IRQD_BINARY", "/bin/false")

    result = _outcomes(pytester, "def test(vcpu): pass", errors=1)

    result.stdout.fnmatch_lines(["*irqd did not start*"])


def test_tests_without_a_fixture_start_no_server(pytester, monkeypatch):
    monkeypatch.setenv("IRQD_BINARY", "/nonexistent/irqd")

    _outcomes(pytester, "def test(): pass", passed=1)


def test_fixtures_say_what_they_are(pytester):
    result = pytester.runpytest("--fixtures", "-p", "no:cacheprovider")

    result.stdout.fnmatch_lines_random([
        "irqd_server *session scope*", "irqd_client *", "vm *", "vcpu *"])
