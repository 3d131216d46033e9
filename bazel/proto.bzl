"""cc_irqd_proto and py_irqd_proto: code that the system's protoc makes from .proto files."""

_ENDINGS = {
    "cpp": ([".pb.h", ".pb.cc"], [".grpc.pb.h", ".grpc.pb.cc"]),
    "python": (["_pb2.py"], ["_pb2_grpc.py"]),
}

def _protoc_impl(ctx):
    plain, grpc = _ENDINGS[ctx.attr.lang]
    endings = plain + (grpc if ctx.attr.grpc else [])
    outs = [
        ctx.actions.declare_file(src.basename[:-len(".proto")] + ending, sibling = src)
        for src in ctx.files.srcs
        for ending in endings
    ]
    folder = ctx.attr.root or "."
    out = ctx.bin_dir.path + "/" + folder
    args = ctx.actions.args()
    args.add("-I" + folder)
    args.add("--%s_out=%s" % (ctx.attr.lang, out))
    tools = [ctx.executable._protoc]
    if ctx.attr.grpc:
        plugin = ctx.executable._grpc_cpp if ctx.attr.lang == "cpp" else ctx.executable._grpc_python
        tools.append(plugin)
        args.add("--plugin=protoc-gen-grpc=" + plugin.path)
        args.add("--grpc_out=" + out)
    args.add_all(ctx.files.srcs)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [args],
        inputs = depset(ctx.files.srcs + ctx.files.imports),
        tools = tools,
        outputs = outs,
        mnemonic = "Protoc",
        progress_message = "Generating %s code for %s" % (ctx.attr.lang, ctx.label),
    )
    return [
        DefaultInfo(files = depset(outs)),
        OutputGroupInfo(
            headers = depset([f for f in outs if f.extension == "h"]),
            sources = depset([f for f in outs if f.extension != "h"]),
        ),
    ]

def _tool(name):
    return attr.label(default = "@debian_tools//:" + name, executable = True, cfg = "exec", allow_single_file = True)

_protoc = rule(
    implementation = _protoc_impl,
    attrs = {
        "srcs": attr.label_list(allow_files = [".proto"], mandatory = True),
        "imports": attr.label_list(allow_files = [".proto"]),
        "lang": attr.string(values = ["cpp", "python"], mandatory = True),
        "grpc": attr.bool(default = True),
        # Where imports start. In the proto folder paths match the packages: irqd/v1/….
        "root": attr.string(default = "proto"),
        "_protoc": _tool("protoc"),
        "_grpc_cpp": _tool("grpc_cpp_plugin"),
        "_grpc_python": _tool("grpc_python_plugin"),
    },
)

def cc_irqd_proto(name, srcs, deps = [], imports = [], grpc = True, root = "proto", **kwargs):
    _protoc(
        name = name + "_files",
        srcs = srcs,
        imports = imports,
        lang = "cpp",
        grpc = grpc,
        root = root,
    )
    native.filegroup(name = name + "_headers", srcs = [name + "_files"], output_group = "headers")
    native.filegroup(name = name + "_sources", srcs = [name + "_files"], output_group = "sources")
    native.cc_library(
        name = name,
        srcs = [name + "_sources"],
        hdrs = [name + "_headers"],
        copts = ["-w"],
        strip_include_prefix = "/" + root if root else None,
        deps = deps + (["//bazel:grpc"] if grpc else ["//bazel:protobuf"]),
        **kwargs
    )

def py_irqd_proto(name, srcs, deps = [], imports = [], grpc = True, **kwargs):
    _protoc(name = name + "_files", srcs = srcs, imports = imports, lang = "python", grpc = grpc)
    native.py_library(name = name, srcs = [name + "_files"], imports = ["."], deps = deps, **kwargs)
