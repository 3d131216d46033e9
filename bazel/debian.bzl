"""The Debian packages that irqd is built from, as repositories."""

load("//bazel:pkg_config.bzl", "pkg_config_library")
load("//bazel:system_tools.bzl", "system_tools")

def debian_dependencies():
    pkg_config_library(
        name = "debian_absl",
        modules = [
            "absl_flat_hash_map",
            "absl_status",
            "absl_statusor",
            "absl_strings",
            "absl_time",
        ],
    )
    pkg_config_library(
        name = "debian_absl_flags",
        modules = ["absl_flags_parse", "absl_flags_usage"],
    )
    pkg_config_library(
        name = "debian_ck",
        modules = ["ck"],
        # The .pc file defines __x86_64__, which the compiler does by itself.
        use_defines = False,
    )
    pkg_config_library(
        name = "debian_protobuf",
        modules = ["protobuf"],
    )
    pkg_config_library(
        name = "debian_grpc",
        modules = ["grpc++", "protobuf"],
    )
    pkg_config_library(
        name = "debian_grpc_reflection",
        modules = ["grpc++", "protobuf"],
        # It has no .pc file, and its start-up code must be linked though nobody calls it.
        extra_linkopts = ["-Wl,--push-state,--no-as-needed", "-lgrpc++_reflection", "-Wl,--pop-state"],
    )
    pkg_config_library(
        name = "debian_json",
        modules = ["nlohmann_json"],
    )
    pkg_config_library(
        name = "debian_gtest",
        modules = ["gmock", "gtest"],
    )
    pkg_config_library(
        name = "debian_benchmark",
        modules = ["benchmark"],
    )
    system_tools(
        name = "debian_tools",
        tools = ["grpc_cpp_plugin", "grpc_python_plugin", "protoc"],
    )
