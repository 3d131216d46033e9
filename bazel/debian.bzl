"""The Debian packages that irqd is built from, as repositories."""

load("//bazel:linux_source.bzl", "debian_file", "source_files")
load("//bazel:pkg_config.bzl", "pkg_config_library")
load("//bazel:s390x_toolchain.bzl", "s390x_toolchain")
load("//bazel:system_tools.bzl", "system_tools")

# What the interrupt code of s390 is compiled from, in tests.
_LINUX_FILES = [
    "Makefile",
    "arch/s390/include/asm/ctl_reg.h",
    "arch/s390/include/asm/dis.h",
    "arch/s390/include/asm/irq.h",
    "arch/s390/include/asm/isc.h",
    "arch/s390/include/asm/kvm_host.h",
    "arch/s390/include/asm/lowcore.h",
    "arch/s390/include/asm/nmi.h",
    "arch/s390/include/asm/processor.h",
    "arch/s390/include/asm/sclp.h",
    "arch/s390/include/asm/tpi.h",
    "arch/s390/include/uapi/asm/kvm.h",
    "arch/s390/include/uapi/asm/ptrace.h",
    "arch/s390/include/uapi/asm/schid.h",
    "arch/s390/kernel/asm-offsets.c",
    "arch/s390/kvm/gaccess.h",
    "arch/s390/kvm/intercept.c",
    "arch/s390/kvm/interrupt.c",
    "arch/s390/kvm/kvm-s390.c",
    "arch/s390/kvm/kvm-s390.h",
    "arch/s390/kvm/pci.h",
    "include/linux/kvm_host.h",
    "include/uapi/asm-generic/ioctl.h",
    "include/uapi/linux/kvm.h",
    "virt/kvm/kvm_main.c",
]

# A selftest of KVM's for s390, and the library that such tests share.
_LINUX_SELFTEST_FILES = [
    "tools/arch/s390/include/**",
    "tools/include/**",
    "tools/lib/rbtree.c",
    "tools/testing/selftests/kselftest.h",
    "tools/testing/selftests/kvm/include/**",
    "tools/testing/selftests/kvm/lib/**",
    "tools/testing/selftests/kvm/s390x/resets.c",
]

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

    # Only looked for when a test is built that is written in one of them.
    system_tools(
        name = "debian_languages",
        tools = [
            "go",
            "grpc_java_plugin",
            "grpc_ruby_plugin",
            "jar",
            "java",
            "javac",
            "protoc",
            "protoc-gen-go",
            "protoc-gen-go-grpc",
            "ruby",
        ],
    )
    debian_file(
        name = "debian_linux_archive",
        package = "linux-source-6.1",
        path = "/usr/src/linux-source-6.1.tar.xz",
    )
    source_files(
        name = "debian_linux",
        archive = "@debian_linux_archive//:linux-source-6.1.tar.xz",
        files = _LINUX_FILES,
    )
    source_files(
        name = "debian_linux_selftest",
        archive = "@debian_linux_archive//:linux-source-6.1.tar.xz",
        files = _LINUX_SELFTEST_FILES,
    )
    s390x_toolchain(
        name = "debian_s390x",
    )
