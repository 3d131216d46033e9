"""s390x_toolchain: Debian's cross compiler for s390x, and qemu to run what it makes.

Libraries come from the folder that bazel/s390x_sysroot makes. It stays where it is, as /usr/include
does: flags name it, and as its name follows from its content, so do the keys of what was compiled.

The flags of the pkg-config repositories serve s390x too: Debian has the same versions there.
"""

_PREFIX = "s390x-linux-gnu-"

_BUILD = """\
load("@bazel_tools//tools/cpp:unix_cc_toolchain_config.bzl", "cc_toolchain_config")

cc_toolchain_config(
    name = "config",
    abi_libc_version = "glibc",
    abi_version = "gcc",
    builtin_sysroot = {sysroot},
    compile_flags = [
        # Compiles nearly as fast as -O0 and takes the emulator not much more than half the time.
        "-Og",
        # Collecting garbage, of which the compiler has little, would cost it some of its time.
        "--param=ggc-min-heapsize=4000000",
        "-fstack-protector",
        "-fno-omit-frame-pointer",
    ],
    compiler = "gcc",
    cpu = "s390x",
    cxx_builtin_include_directories = {include_directories},
    dbg_compile_flags = ["-g"],
    host_system_name = "local",
    link_flags = ["-Wl,-z,relro,-z,now"] + {link_flags},
    link_libs = ["-lstdc++", "-lm"],
    opt_compile_flags = ["-O2", "-DNDEBUG", "-ffunction-sections", "-fdata-sections"],
    opt_link_flags = ["-Wl,--gc-sections"],
    target_libc = "glibc",
    target_system_name = "s390x-linux-gnu",
    tool_paths = {tool_paths},
    toolchain_identifier = "s390x",
    unfiltered_compile_flags = [
        "-fno-canonical-system-headers",
        "-Wno-builtin-macro-redefined",
        "-D__DATE__=\\"redacted\\"",
        "-D__TIMESTAMP__=\\"redacted\\"",
        "-D__TIME__=\\"redacted\\"",
    ],
)

filegroup(name = "nothing")

cc_toolchain(
    name = "compiler",
    all_files = ":nothing",
    ar_files = ":nothing",
    as_files = ":nothing",
    compiler_files = ":nothing",
    dwp_files = ":nothing",
    linker_files = ":nothing",
    objcopy_files = ":nothing",
    strip_files = ":nothing",
    toolchain_config = ":config",
    toolchain_identifier = "s390x",
)

cc_toolchain_suite(
    name = "toolchain",
    toolchains = {{"s390x": ":compiler"}},
    visibility = ["@irqd//bazel:__pkg__"],
)

filegroup(
    name = "runner",
    srcs = ["run"],
    visibility = ["@irqd//bazel:__pkg__"],
)
"""

_RUN = """\
#!/bin/sh
# run [QEMU'S OPTION...] PROGRAM [ARGUMENT...]: runs a program for s390x.
exec {qemu} -L {sysroot} "$@"
"""

def _which(ctx, program, package):
    path = ctx.which(program)
    if path == None:
        fail("%s is missing: apt-get install %s (bazel/install s390x does it)" % (program, package))
    return str(path)

def _s390x_toolchain_impl(ctx):
    # What the script goes by: another list of packages means another folder.
    ctx.path(Label("//bazel:packages"))
    found = ctx.execute([ctx.path(Label("//bazel:s390x_sysroot")), "--find"])
    if found.return_code != 0:
        fail(found.stderr)
    sysroot = found.stdout.strip()

    tools = ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objcopy", "objdump", "strip"]
    tool_paths = {tool: _which(ctx, _PREFIX + tool, "g++-s390x-linux-gnu") for tool in tools}
    for tool in ["dwp", "llvm-cov"]:
        tool_paths[tool] = "/bin/false"
    _which(ctx, _PREFIX + "g++", "g++-s390x-linux-gnu")

    ctx.file("BUILD", _BUILD.format(
        include_directories = repr([
            "/usr/lib/gcc-cross/s390x-linux-gnu",
            "/usr/s390x-linux-gnu/include",
            sysroot + "/usr/include",
        ]),
        # Where the libraries lie that libraries name.
        link_flags = repr([
            "-Wl,-rpath-link,%s%s/s390x-linux-gnu" % (sysroot, folder)
            for folder in ["/lib", "/usr/lib"]
        ]),
        sysroot = repr(sysroot),
        tool_paths = repr(tool_paths),
    ))
    ctx.file("run", _RUN.format(
        qemu = _which(ctx, "qemu-s390x-static", "qemu-user-static"),
        sysroot = sysroot,
    ))

s390x_toolchain = repository_rule(
    implementation = _s390x_toolchain_impl,
    environ = ["HOME", "IRQD_CACHE", "PATH", "XDG_CACHE_HOME"],
    local = True,
)
