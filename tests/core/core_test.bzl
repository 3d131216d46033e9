"""Tests and benchmarks of core/: what all of them have in common."""

# The rules, what they stand on, and what holds states.
_CORE = [
    "//bazel:absl",
    "//core:delivery",
    "//core:float_irq",
    "//core:host_profile",
    "//core:irq_codec",
    "//core:kvm_s390",
    "//core:local_irq",
    "//tests:seed",
    "//tests/core:irq_samples",
]

def core_test(name, deps = [], size = "small", vm = "//core:vm", **kwargs):
    """A cc_test of NAME.cc with the core, GoogleTest and its main program."""
    native.cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        deps = depset(deps + _CORE + [
            vm,
            "//bazel:gtest",
            "//tests:gtest_main",
        ]).to_list(),
        **kwargs
    )

def core_benchmark(name, deps, **kwargs):
    """A program of NAME.cc with Google Benchmark, and a test that it works, without figures."""
    deps = deps + ["//bazel:benchmark"]
    native.cc_binary(
        name = name,
        testonly = True,
        srcs = [name + ".cc"],
        deps = deps,
        **kwargs
    )
    native.cc_test(
        name = name + "_test",
        size = "small",
        srcs = [name + ".cc"],
        args = ["--benchmark_min_time=0.001"],
        deps = deps,
    )

def scheduled_test(name, deps = [], **kwargs):
    """A core_test with a hook at each atomic access; see core/atomic.h.

    What it depends on must not depend on //core:vm.
    """
    core_test(name, deps = deps + ["//core:atomic_scheduled"], vm = "//core:vm_scheduled", **kwargs)
