"""system_tools: a repository with a link to each named program on PATH."""

def _system_tools_impl(ctx):
    for tool in ctx.attr.tools:
        path = ctx.which(tool)
        if path == None:
            fail("%s is missing; bazel/install installs what irqd needs" % tool)
        ctx.symlink(path, tool)
    ctx.file("BUILD", """\
exports_files({tools})

filegroup(
    name = "tools",
    srcs = {tools},
    visibility = ["@irqd//bazel:__pkg__"],
)
""".format(tools = repr(ctx.attr.tools)))

system_tools = repository_rule(
    implementation = _system_tools_impl,
    attrs = {"tools": attr.string_list(mandatory = True)},
    environ = ["PATH"],
    local = True,
)
