"""pkg_config_library: a repository whose one cc_library carries the flags that pkg-config prints."""

def _words(text):
    return [word for word in text.replace("\n", " ").split(" ") if word]

def _groups(flags):
    """Splits into tuples that must stay together: a --push-state ... --pop-state run, or one flag."""
    groups = []
    run = []
    for flag in flags:
        run.append(flag)
        if "--pop-state" in flag or not "--push-state" in run[0]:
            groups.append(tuple(run))
            run = []
    if run:
        fail("--push-state without --pop-state: %s" % " ".join(run))
    return groups

def _last_of_each(flags):
    """Drops all but the last occurrence of a group, which is what static archives need too."""
    kept = []
    for group in reversed(_groups(flags)):
        if group not in kept:
            kept.append(group)
    return [flag for group in reversed(kept) for flag in group]

def _pkg_config(ctx, option):
    program = ctx.which("pkg-config")
    if program == None:
        fail("pkg-config is missing; bazel/install installs what irqd needs")
    result = ctx.execute([program, option] + ctx.attr.modules)
    if result.return_code != 0:
        fail("%s\nbazel/install installs what irqd needs" % result.stderr)
    return _words(result.stdout)

def _pkg_config_library_impl(ctx):
    cflags = _pkg_config(ctx, "--cflags")
    for flag in cflags:
        if flag.startswith("-I") and flag != "-I/usr/include":
            fail("%s: headers outside the compiler's own folders: %s" % (ctx.name, flag))
    libs = _last_of_each(_pkg_config(ctx, "--libs"))

    # A program names only the libraries it calls: it starts faster, and its image is smaller.
    linkopts = ["-Wl,--push-state,--as-needed"] + libs + ["-Wl,--pop-state"]
    linkopts = ["-pthread" if flag == "-lpthread" else flag for flag in linkopts]
    ctx.file("BUILD", """\
cc_library(
    name = "lib",
    defines = {defines},
    linkopts = {linkopts},
    visibility = ["@irqd//bazel:__pkg__"],
)
""".format(
        defines = repr([flag[2:] for flag in cflags if flag.startswith("-D") and ctx.attr.use_defines]),
        linkopts = repr(ctx.attr.extra_linkopts + linkopts),
    ))

pkg_config_library = repository_rule(
    implementation = _pkg_config_library_impl,
    attrs = {
        "modules": attr.string_list(mandatory = True),
        "extra_linkopts": attr.string_list(doc = "flags for libraries without a .pc file"),
        "use_defines": attr.bool(default = True),
    },
    environ = ["PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_PATH"],
    local = True,
)
