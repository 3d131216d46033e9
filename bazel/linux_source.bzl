"""Files of the Linux source, out of Debian's linux-source package.

Unpacking the whole archive takes some 15 seconds. So one repository only links to the archive, at
every start of Bazel, and another unpacks it, when the archive has changed.
"""

def _debian_file_impl(ctx):
    path = ctx.path(ctx.attr.path)
    if not path.exists:
        fail("%s is missing: apt-get install %s (bazel/install test does it)" % (
            ctx.attr.path,
            ctx.attr.package,
        ))
    ctx.symlink(path, path.basename)
    ctx.file("BUILD", "exports_files([%r])\n" % path.basename)

debian_file = repository_rule(
    implementation = _debian_file_impl,
    attrs = {
        "package": attr.string(mandatory = True, doc = "the Debian package that installs it"),
        "path": attr.string(mandatory = True),
    },
    local = True,
)

_BUILD = """\
filegroup(
    name = "files",
    testonly = True,
    srcs = glob(%r),
    visibility = ["@irqd//bazel:__pkg__"],
)
"""

def _source_files_impl(ctx):
    archive = ctx.path(ctx.attr.archive)
    folder = archive.basename.replace(".tar.xz", "")
    members = [folder + "/" + name for name in ctx.attr.files]
    result = ctx.execute(["tar", "--strip-components=1", "--wildcards", "-xf", archive] + members)
    if result.return_code != 0:
        fail("tar: %s" % result.stderr)
    ctx.file("BUILD", _BUILD % ctx.attr.files)

source_files = repository_rule(
    implementation = _source_files_impl,
    attrs = {
        "archive": attr.label(mandatory = True, doc = "NAME.tar.xz, with a folder NAME in it"),
        "files": attr.string_list(mandatory = True, doc = "paths, or patterns as of glob()"),
    },
)
