"""What may be in irqd's image, and what its configuration must say."""

import re
import stat

import images
from checks import Failed, expect, expect_equal

MOST_BYTES = 30_000_000

# Every file is one of these.
_ALLOWED = re.compile(r"""
    usr/bin/(irqd|irqctl)
    | (usr/)?lib(64)?/([a-z0-9_]+-linux-gnu/)?(lib[^/]+|ld-linux[^/]*)\.so(\.[0-9.]+)?
    | usr/share/doc/[^/]+/copyright | usr/share/doc/irqd/LICENSE
    | var/lib/dpkg/status\.d/[^/]+""", re.X)
_LOADER = re.compile(r"(lib|lib64)/ld-linux[^/]*")
_LIBRARY = re.compile(r"[^/]*\.so(\.[0-9.]+)?$")


def size_of(files):
    return sum(file.size for file in files.values())


def check_size(files):
    size = size_of(files)
    expect(size < MOST_BYTES, "%d bytes; %d are the most" % (size, MOST_BYTES))


def check_needed(files):
    """The programs and what they load, and no shell, package manager or key."""
    others = sorted(path for path in files if not _ALLOWED.fullmatch(path))
    expect(not others, "also in the image: " + ", ".join(others[:20]))
    for program in ("usr/bin/irqd", "usr/bin/irqctl"):
        expect(program in files, "no " + program)


def check_modes(files):
    """root's, and nobody gains or changes anything by them."""
    for path, file in files.items():
        expect_equal(file.owner, (0, 0), "owner of " + path)
        if file.is_regular:
            expect(not file.mode & (stat.S_ISUID | stat.S_ISGID), path + " is setuid or setgid")
            expect(not file.mode & (stat.S_IWGRP | stat.S_IWOTH), path + " can be written to")


def check_licences(files):
    """Each library's package is named to scanners, and its licence is there."""
    named = {path.split("/")[-1] for path in files if path.startswith("var/lib/dpkg/")}
    licensed = {path.split("/")[-2] for path in files if path.endswith("/copyright")}
    expect(named == licensed, "packages %s, licences of %s" % (sorted(named), sorted(licensed)))
    expect({"libc6", "libstdc++6", "libprotobuf32"} <= named, "only %s" % sorted(named))


def check_libraries(engine, files):
    """The loader finds all that the programs need, and there is nothing that it does not load."""
    (loader,) = [path for path in files if _LOADER.fullmatch(path)]
    loaded = {loader}
    for program in ("/usr/bin/irqd", "/usr/bin/irqctl"):
        said = engine.podman("run", "--rm", "--network=none", "--entrypoint=/" + loader,
                             images.TAG, "--list", program).stdout
        expect("not found" not in said, "%s: %s" % (program, said))
        loaded |= {path.lstrip("/") for path in re.findall(r"=> (/\S+) \(", said)}
    there = {path for path in files if _LIBRARY.search(path)}
    expect_equal(sorted(there - loaded), [], "loaded by no program")
    expect_equal(sorted(loaded - there), [], "loaded from elsewhere")


def check_config(config):
    wanted = {
        "User": "65532:65532",
        "Entrypoint": ["/usr/bin/irqd"],
        "Cmd": ["--listen=[::]:50051"],
        "ExposedPorts": {"50051/tcp": {}},
        "StopSignal": "SIGTERM",
    }
    expect_equal({name: config.get(name) for name in wanted}, wanted, "configuration")
    expect_equal(config["Healthcheck"]["Test"],
                 ["CMD", "/usr/bin/irqctl", "--timeout", "3s", "health"], "HEALTHCHECK")
    labels = config["Labels"]
    prefix = "org.opencontainers.image."
    expect_equal(labels[prefix + "revision"], images.head(), "revision")
    for name in ("title", "description", "licenses"):
        expect(labels.get(prefix + name), "no label " + name)


def check_debug(files, debug):
    """The debug image has the same files, and a shell."""
    differing = [path for path in files if debug.get(path) != files[path]]
    expect_equal(differing, [], "not the same in the debug image")
    added = set(debug) - set(files)
    shell = {"usr/bin/busybox", "usr/bin/irqd-demo"}
    expect(shell | {"bin/sh"} <= added, "no shell")
    others = {path for path in added if debug[path].is_regular} - shell
    expect_equal(sorted(others), [], "also in the debug image")


def check_same(files, again):
    """Two builds of one commit: the same paths, modes and contents."""
    differing = sorted(path for path in files.keys() | again.keys()
                       if files.get(path) != again.get(path))
    expect_equal(differing, [], "not the same in a second build")


def check_mistakes_are_seen(files):
    """Were these checks to look away, nobody would know."""
    irqd = files["usr/bin/irqd"]
    for check, path, file in (
            (check_needed, "bin/sh", irqd),
            (check_size, "usr/bin/irqctl", irqd._replace(size=MOST_BYTES)),
            (check_modes, "usr/bin/irqd", irqd._replace(mode=irqd.mode | stat.S_ISUID)),
            (check_modes, "usr/bin/irqd", irqd._replace(mode=irqd.mode | stat.S_IWOTH)),
            (check_modes, "usr/bin/irqd", irqd._replace(owner=(65532, 0))),
            (check_licences, "usr/share/doc/more/copyright", irqd),
            (lambda changed: check_same(files, changed), "usr/bin/irqd",
             irqd._replace(content="")),
            (lambda changed: check_same(files, changed), "usr/bin/more", irqd)):
        try:
            check({**files, path: file})
        except Failed:
            continue
        raise Failed("a wrong %s is not seen" % path)
