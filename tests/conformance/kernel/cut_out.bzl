"""linux_cut_out: what cut_out takes from the Linux source, as headers of a cc_library."""

def _linux_cut_out_impl(ctx):
    out = ctx.actions.declare_directory(ctx.label.name)
    makefile = [f for f in ctx.files.source if f.basename == "Makefile"]
    ctx.actions.run(
        executable = ctx.executable._cut_out,
        arguments = [makefile[0].dirname, out.path],
        inputs = ctx.files.source + ctx.files._extract,
        outputs = [out],
        mnemonic = "CutOut",
        progress_message = "Cutting functions out of the Linux source",
        use_default_shell_env = True,
    )
    return [
        DefaultInfo(files = depset([out])),
        # Without include paths: those that depend on the kernel have the real headers.
        CcInfo(compilation_context = cc_common.create_compilation_context(headers = depset([out]))),
    ]

linux_cut_out = rule(
    implementation = _linux_cut_out_impl,
    attrs = {
        "source": attr.label(mandatory = True, doc = "files of a source tree"),
        "_cut_out": attr.label(
            default = "//tests/conformance/kernel:cut_out",
            executable = True,
            cfg = "exec",
            allow_single_file = True,
        ),
        "_extract": attr.label(
            default = "//tests/conformance/kernel:extract_functions.awk",
            allow_single_file = True,
        ),
    },
)
