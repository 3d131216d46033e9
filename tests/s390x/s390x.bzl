"""Rules for programs of irqd's that are built for s390x and run under qemu, on any machine."""

_SERVER = "server/irqd"

# What a sanitizer's configuration adds: they do not go together with qemu.
def _without_sanitizers(flags):
    return [flag for flag in flags if not flag.startswith(("-fsanitize=", "-fno-sanitize"))]

def _to_s390x_impl(settings, attr):
    return {
        "//command_line_option:copt": _without_sanitizers(settings["//command_line_option:copt"]),
        "//command_line_option:cpu": "s390x",
        "//command_line_option:crosstool_top": "//bazel:s390x_toolchain",
        "//command_line_option:linkopt": _without_sanitizers(settings["//command_line_option:linkopt"]),
    }

_to_s390x = transition(
    implementation = _to_s390x_impl,
    inputs = [
        "//command_line_option:copt",
        "//command_line_option:linkopt",
    ],
    outputs = [
        "//command_line_option:copt",
        "//command_line_option:cpu",
        "//command_line_option:crosstool_top",
        "//command_line_option:linkopt",
    ],
)

_ATTRS = {
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

_RUN = {
    "_run": attr.label(
        default = "//bazel:run_s390x",
        allow_single_file = True,
    ),
}

def _s390x_files_impl(ctx):
    files = depset(transitive = [target[DefaultInfo].files for target in ctx.attr.targets])
    runfiles = ctx.runfiles(transitive_files = files)
    for target in ctx.attr.targets:
        runfiles = runfiles.merge(target[DefaultInfo].default_runfiles)
    return [DefaultInfo(files = files, runfiles = runfiles)]

s390x_files = rule(
    doc = "Targets built for s390x. Their paths are those that they have on any machine.",
    implementation = _s390x_files_impl,
    attrs = dict(_ATTRS, targets = attr.label_list(cfg = _to_s390x, mandatory = True)),
)

def _launcher(ctx, command):
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(launcher, "#!/bin/sh\nexec %s \"$@\"\n" % " ".join([
        '"$TEST_SRCDIR/%s/%s"' % (ctx.workspace_name, file.short_path)
        for file in command
    ]), is_executable = True)
    return launcher

# A name of its own for the program: the same one for this machine may be among a test's files too.
def _renamed(ctx, program):
    renamed = ctx.actions.declare_file(ctx.label.name + ".s390x")
    ctx.actions.symlink(output = renamed, target_file = program, is_executable = True)
    return renamed

def _s390x_binary_impl(ctx):
    command = [ctx.file._run, _renamed(ctx, ctx.executable.program)]
    return [DefaultInfo(executable = _launcher(ctx, command), runfiles = ctx.runfiles(command))]

s390x_binary = rule(
    doc = "A program for s390x that a test can start as if it were one for this machine.",
    implementation = _s390x_binary_impl,
    executable = True,
    attrs = dict(_ATTRS, program = attr.label(
        cfg = _to_s390x,
        executable = True,
        mandatory = True,
    ), **_RUN),
)

def _cross_test_impl(ctx):
    if ctx.attr.s390x_test:
        target = ctx.attr.s390x_test[0]
        command = [ctx.file._run, _renamed(ctx, target[DefaultInfo].files_to_run.executable)]
    else:
        target = ctx.attr.native_test
        command = [target[DefaultInfo].files_to_run.executable]
    files = target[DefaultInfo].default_runfiles.files.to_list() + command
    symlinks = {}
    if ctx.attr.server:
        files += ctx.attr.server[DefaultInfo].default_runfiles.files.to_list()

        # Where a test looks for it, see ServerProcess.
        files = [file for file in files if file.short_path != _SERVER]
        symlinks[_SERVER] = ctx.executable.server
    return [DefaultInfo(
        executable = _launcher(ctx, command),
        runfiles = ctx.runfiles(files, symlinks = symlinks),
    )]

_cross_test = rule(
    implementation = _cross_test_impl,
    test = True,
    attrs = dict(
        _ATTRS,
        native_test = attr.label(),
        s390x_test = attr.label(cfg = _to_s390x),
        server = attr.label(cfg = "target", executable = True),
        **_RUN
    ),
)

def s390x_test(name, test, size = "medium", **kwargs):
    """The cc_test `test`, built for s390x.

    Args:
      name: of this test.
      test: a cc_test.
      size: as of any test. Programs under qemu are slow.
      **kwargs: `server`: what is the test's server/irqd, if it starts one. And what every test has.
    """
    _cross_test(name = name, size = size, s390x_test = test, **kwargs)

def native_test(name, test, server, **kwargs):
    """The cc_test `test`, as it is, with another server/irqd."""
    _cross_test(name = name, native_test = test, server = server, **kwargs)
